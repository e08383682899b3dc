//! Mail: messages between addresses, within a cluster and between clusters.

mod address;
pub use address::{AddressError, MAIL_NAME_MAX_CHARS, MailAddress, POSTMASTER};

mod text;
pub use text::{MESSAGE_MAX_BYTES, MessageText, MessageTextError};

mod cursor;
pub use cursor::{Cursor, CursorError};

mod id;
pub use id::{MessageId, MessageIdError};

mod bodies;
pub use bodies::{
    AddressClaimed, Inbox, Message, MessageSent, MessageStatus, NewAddress, NewMessage,
};

mod boxes;
pub use boxes::{Conversation, Letter, Mailbox, MailboxTopic, Unread, Waiting};

mod federation;
pub use federation::{Federated, FederatedBatch, FederatedOutcome, FederatedOutcomes, Federation};

mod pages;
pub use pages::{CONVERSATION_MAX, MailAttempt, MailForm, MailPlace, MailState};
