//! Mail as JSON lines: what a person takes away, from a call or by the operator's command.

use protocol::{Letter, Message};
use serde::Serialize;

/// Letters that are read at once: at most some megabytes.
pub(crate) const LETTERS_AT_ONCE: usize = 250;

/// One line: the message's fields, and whether the mailbox's owner wrote it.
#[derive(Serialize)]
struct Line<'a> {
    is_own: bool,
    #[serde(flatten)]
    message: &'a Message,
}

/// Letters as JSON lines, each with its newline.
///
/// # Errors
/// None that a letter can cause.
pub(crate) fn as_lines(letters: &[Letter]) -> Result<Vec<u8>, serde_json::Error> {
    let mut lines = Vec::new();
    for letter in letters {
        let (is_own, message) = (letter.is_own, &letter.message);
        serde_json::to_writer(&mut lines, &Line { is_own, message })?;
        lines.push(b'\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Cursor, MailAddress, MessageId, MessageText};

    #[test]
    fn a_letter_is_one_line_whatever_it_says() {
        let address = |text| MailAddress::parse(text).unwrap();
        let text = "two\nlines \u{2028}<b>\"\u{0}";
        let message = Message {
            id: MessageId::of(7),
            cursor: Cursor::parse("5-0").unwrap(),
            to: address("ord-ann"),
            from: address("fra-bob"),
            message: MessageText::parse(text).unwrap(),
            sent_at: "2026-05-01T18:30:00.000Z".into(),
            verified: true,
        };
        let letter = Letter {
            rev: 1,
            is_own: false,
            message,
        };

        let lines = String::from_utf8(as_lines(&[letter.clone(), letter]).unwrap()).unwrap();

        let lines: Vec<_> = lines.split_terminator('\n').collect();
        assert_eq!(lines.len(), 2);
        let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(line["message"], text);
        assert_eq!(
            (&line["is_own"], &line["to"]),
            (&false.into(), &"ord-ann".into())
        );
        assert_eq!(line.as_object().unwrap().len(), 8);
    }
}
