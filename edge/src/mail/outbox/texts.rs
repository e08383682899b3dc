//! The texts that senders read.

use super::OutboxEntry;
use protocol::MessageText;
use std::time::Duration;

/// The most characters of a reason, which may come from another cluster.
const REASON_MAX_CHARS: usize = 300;

/// The reason for failing a message of an unverified sender that made room for another.
pub(super) const REPLACED: &str =
    "The queue for that cluster is full, and mail of verified senders goes first.";

/// Reduces a reason to one line of bounded length without invisible characters.
pub(super) fn reason(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| word.replace(is_invisible, ""));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(REASON_MAX_CHARS).collect()
}

/// Control and format characters: Unicode's categories Cc and Cf.
fn is_invisible(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}')
        || matches!(one, '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(one, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}')
        || matches!(one, '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
        || matches!(one, '\u{e0000}'..='\u{e007f}')
}

/// The reason for failing a message that waited for that long.
pub(super) fn too_long(kept: Duration, last: &str) -> String {
    let kept = match kept.as_secs() {
        seconds if seconds >= 7200 => format!("{} hours", seconds / 3600),
        3600.. => "an hour".to_owned(),
        1 => "a second".to_owned(),
        seconds => format!("{seconds} seconds"),
    };
    match last {
        "" => format!("It could not be sent for {kept}."),
        last => format!("It could not be sent for {kept}. The last reason: {last}"),
    }
}

/// The notice that delivery failed; always `Some`, as reasons are bounded.
pub(super) fn notice(entry: &OutboxEntry, attempts: u32, reason: &str) -> Option<MessageText> {
    let tries = match attempts {
        0 => String::new(),
        1 => " It was tried once.".to_owned(),
        tries => format!(" It was tried {tries} times."),
    };
    let to = &entry.message.to;
    let text = format!("Your message to {to} was not delivered. {reason}{tries}");
    MessageText::parse(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Cursor, Federated, MailAddress, MessageId};

    #[test]
    fn a_notice_names_the_recipient_and_the_reason() {
        let entry = OutboxEntry {
            cursor: Cursor::parse("5-0").unwrap(),
            message: Federated {
                id: MessageId::of(1),
                to: MailAddress::parse("moon-ann").unwrap(),
                from: MailAddress::parse("ord-wren").unwrap(),
                message: MessageText::parse("hello").unwrap(),
                sent_ms: 5,
                verified: true,
            },
            attempts: 3,
            reason: String::new(),
        };
        let day = Duration::from_secs(24 * 3600);

        let text = notice(&entry, 3, &too_long(day, "Nobody answers.")).unwrap();

        for part in [
            "moon-ann",
            "24 hours",
            "The last reason: Nobody answers.",
            "tried 3 times",
        ] {
            assert!(text.as_str().contains(part), "{text:?}");
        }
    }

    #[test]
    fn a_reason_is_one_bounded_line() {
        assert_eq!(reason(" a\nb\t c "), "a b c");
        assert_eq!(
            reason("\u{202e}a\u{0}b \u{200b} \u{1b}[1m\u{feff}é\u{e0041}"),
            "ab [1mé"
        );
        assert_eq!(reason(&"é".repeat(900)).chars().count(), REASON_MAX_CHARS);
    }
}
