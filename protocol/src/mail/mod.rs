//! Mail: messages between addresses, within a cluster and between clusters.

mod address;
pub use address::{AddressError, MAIL_NAME_MAX_CHARS, MailAddress, POSTMASTER};

mod message;
pub use message::{
    Cursor, CursorError, MESSAGE_MAX_BYTES, MessageId, MessageIdError, MessageText,
    MessageTextError,
};

mod bodies;
pub use bodies::{
    AddressClaimed, Inbox, Message, MessageSent, MessageStatus, NewAddress, NewMessage,
};

mod blocks;
pub use blocks::MailBlocks;

mod federation;
pub use federation::{Federated, FederatedBatch, FederatedOutcome, FederatedOutcomes, Federation};

mod pages;
pub use pages::{
    CONVERSATION_MAX, Conversation, Letter, MailAttempt, MailForm, MailPlace, MailState, Mailbox,
    MailboxTopic, Unread, UnreadLettersTopic, Waiting,
};
