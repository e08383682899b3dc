//! What of parties can be watched.

use super::{Chat, Party, PartyCode};
use crate::live::Topic;

/// A party, by its code. `None` once it has ended, or where there is none of that code.
pub struct PartyTopic;

impl Topic for PartyTopic {
    const NAME: &'static str = "party";
    type Key = PartyCode;
    type State = Option<Party>;

    fn supersedes(new: &Option<Party>, old: &Option<Party>) -> bool {
        match (new, old) {
            (Some(new), Some(old)) => new.rev >= old.rev,
            _ => true,
        }
    }
}

/// The newest messages of a party's chat, by the party's code: at most fifty.
pub struct ChatTopic;

impl Topic for ChatTopic {
    const NAME: &'static str = "chat";
    type Key = PartyCode;
    type State = Chat;
}
