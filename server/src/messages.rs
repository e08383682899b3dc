//! Texts that people send, as letters or chat messages: how forms are read, limits and errors.

use protocol::{MESSAGE_MAX_BYTES, MessageText, MessageTextError};
use web::HttpError;

/// The largest body with a message: 4 KiB of text may be 24 KiB of escapes in JSON or in a form, and other fields
/// come beside it.
pub(crate) const BODY_MAX_BYTES: usize = 8 * MESSAGE_MAX_BYTES;

/// A form's text. Forms end lines with two characters, whatever was typed.
pub(crate) fn from_form(typed: &str) -> Result<MessageText, HttpError> {
    MessageText::parse(&lines(typed)).map_err(|error| match error {
        MessageTextError::Empty => HttpError::new(422, "empty-message", "The message is empty")
            .with_detail("Write something, then send it."),
        error => error.into(),
    })
}

/// What was typed into a form, with the line ends that were typed.
pub(crate) fn lines(typed: &str) -> String {
    typed.replace("\r\n", "\n")
}

/// Too many messages from a network address.
pub(crate) fn too_many(seconds: u32) -> HttpError {
    let reason = "Messages were sent too fast from this computer.";
    HttpError::too_many("too-many-messages", "Too many messages", seconds, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_form_end_as_they_were_typed() {
        let kind = |typed: &str| from_form(typed).unwrap_err().into_problem().kind;

        assert_eq!(from_form("a\r\n\r\nb\n").unwrap().as_str(), "a\n\nb\n");
        assert!(from_form(&"\r\nx".repeat(2048)).is_ok());
        assert_eq!(kind(" \r\n "), "empty-message");
        assert_eq!(kind(&"x".repeat(4097)), "message-too-long");
    }
}
