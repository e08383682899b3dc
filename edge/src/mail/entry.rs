//! A message's fields in an outbox's stream, which `queue.lua` writes and the [`Outbox`](super::Outbox) reads.

use protocol::{Cursor, Federated, MailAddress, MessageId, MessageText};
use std::collections::HashMap;

/// The field that is `1` if the sender has claimed their address. Such a sender has a copy of the message with its
/// delivery status; others only get a notice if delivery fails.
pub(super) const VERIFIED: &str = "verified";

/// A message's fields and values; its stream id says when it was stored.
pub(super) fn write(message: &Federated) -> [(&'static str, String); 5] {
    [
        ("id", message.id.to_string()),
        ("to", message.to.to_string()),
        ("from", message.from.to_string()),
        ("text", message.message.as_str().to_owned()),
        (VERIFIED, u8::from(message.verified).to_string()),
    ]
}

/// A message's lane: what one sender wrote to one recipient stays in order.
pub(super) fn lane(fields: &HashMap<String, String>) -> String {
    let field = |name| fields.get(name).map_or("", String::as_str);
    format!("{} {}", field("from"), field("to"))
}

/// Parses a message; `None` if fields are missing or invalid, as another version may have written them.
pub(super) fn read(cursor: Cursor, fields: &HashMap<String, String>) -> Option<Federated> {
    Some(Federated {
        id: MessageId::parse(fields.get("id")?).ok()?,
        to: MailAddress::parse(fields.get("to")?).ok()?,
        from: MailAddress::parse(fields.get("from")?).ok()?,
        message: MessageText::parse(fields.get("text")?).ok()?,
        sent_ms: cursor.ms(),
        verified: fields.get(VERIFIED)? == "1",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_as_it_was_written() {
        let cursor = Cursor::parse("1700000000000-3").unwrap();
        for verified in [false, true] {
            let message = Federated {
                id: MessageId::of(7),
                to: MailAddress::parse("moon-finch").unwrap(),
                from: MailAddress::parse("ord-wren").unwrap(),
                message: MessageText::parse(" <b>\0\u{202e}").unwrap(),
                sent_ms: 1_700_000_000_000,
                verified,
            };

            let fields = write(&message).map(|(field, value)| (field.to_owned(), value));
            let mut fields = HashMap::from(fields);

            assert_eq!(read(cursor, &fields), Some(message));
            assert_eq!(lane(&fields), "ord-wren moon-finch");
            fields.remove("to");
            assert_eq!(read(cursor, &fields), None);
        }
    }
}
