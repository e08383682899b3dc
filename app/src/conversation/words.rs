//! What a conversation's parts are called.

/// The words in which a chat and a mail conversation differ.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    /// The log's label.
    pub log: &'static str,
    /// Several messages, such as `letters`.
    pub messages: &'static str,
    /// What stands above the first message of all.
    pub beginning: &'static str,
    /// The message field's label.
    pub field: &'static str,
}
