//! Parses letters as Redis stores them.

use crate::timestamp::rfc3339;
use protocol::{
    Cursor, Letter, MailAddress, Mailbox, Message, MessageId, MessageText, Unread, Waiting,
};
use std::collections::HashMap;

/// The most letters in a mailbox's state.
pub(super) const LETTERS_MAX: usize = 20;
/// The most bytes of letters and waiting letters, as JSON, unless a single letter is longer. A larger frame would block a
/// slow connection, and pages request what is missing.
const NEWS_MAX_BYTES: usize = 32 * 1024;
/// The most characters of all waiting letters' reasons together; each gets an equal share.
const REASONS_MAX_CHARS: usize = 3_000;

/// A letter: its cursor, its fields and their values.
pub(super) type StoredLetter = (String, HashMap<String, String>);
/// A mailbox's state: revision; letters, newest first; unseen letters by correspondent; waiting letters; the newest letter
/// of each conversation, newest first.
pub(super) type StoredMailbox = (
    u64,
    Vec<StoredLetter>,
    Vec<(String, u32)>,
    Vec<(String, Option<String>)>,
    Vec<StoredLetter>,
);

/// Parses a letter of that mailbox; `None` if fields are missing or invalid, as another version may have written them.
pub(super) fn letter(home: &MailAddress, (at, fields): &StoredLetter) -> Option<Letter> {
    let field = |name: &str| fields.get(name).map(String::as_str);
    let cursor = Cursor::parse(at).ok()?;
    let flags = field("flags")?;
    let is_own = flags.contains('o');
    let other = MailAddress::parse(field("other")?).ok()?;
    let sent_ms = match field("sent") {
        None => cursor.ms(),
        // An incoming letter was sent before it came, whatever the other cluster's clock said.
        Some(ms) if !is_own => ms.parse::<u64>().ok()?.min(cursor.ms()),
        Some(ms) => ms.parse().ok()?,
    };
    let (to, from) = match is_own {
        true => (other, home.clone()),
        false => (home.clone(), other),
    };
    Some(Letter {
        // An unclaimed mailbox has no revisions.
        rev: field("rev").map_or(Some(0), |rev| rev.parse().ok())?,
        is_own,
        is_unclaimed: flags.contains('u'),
        message: Message {
            id: MessageId::parse(field("id")?).ok()?,
            cursor,
            to,
            from,
            message: MessageText::parse(field("text")?).ok()?,
            sent_at: rfc3339(sent_ms)?,
            verified: flags.contains('v'),
        },
    })
}

/// Parses a mailbox's state. One letter beyond the limit says from which revision on the letters are complete.
pub(super) fn mailbox(
    home: &MailAddress,
    (rev, stored, unread, waits, _): StoredMailbox,
) -> Mailbox {
    let waiting = told(waits.into_iter().filter_map(waiting).collect());
    let mut letters = Vec::new();
    let mut bytes = serde_json::to_string(&waiting).map_or(0, |json| json.len());
    let mut from_rev = 0;
    for letter in stored.iter().filter_map(|stored| letter(home, stored)) {
        bytes += serde_json::to_string(&letter).map_or(0, |json| json.len());
        if letters.len() == LETTERS_MAX || (bytes > NEWS_MAX_BYTES && !letters.is_empty()) {
            from_rev = letter.rev;
            break;
        }
        letters.push(letter);
    }
    letters.reverse();
    let unread = unread.into_iter().filter_map(|(with, count)| {
        let with = MailAddress::parse(&with).ok()?;
        Some(Unread { with, count })
    });
    Mailbox {
        address: home.clone(),
        rev,
        from_rev,
        letters,
        unread: unread.collect(),
        waiting,
    }
}

/// Shortens the reasons to their share of the room.
fn told(mut waiting: Vec<Waiting>) -> Vec<Waiting> {
    let room = (REASONS_MAX_CHARS / waiting.len().max(1)).max(1);
    for Waiting { reason, .. } in &mut waiting {
        if reason.chars().count() > room {
            *reason = reason.chars().take(room - 1).chain(['…']).collect();
        }
    }
    waiting
}

/// Parses a waiting letter's status; there is none before the first try.
fn waiting((id, what): (String, Option<String>)) -> Option<Waiting> {
    match what {
        Some(json) => serde_json::from_str(&json).ok(),
        None => Some(Waiting {
            id: MessageId::parse(&id).ok()?,
            attempts: 0,
            reason: String::new(),
            has_failed: false,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> MailAddress {
        MailAddress::parse("ord-wren").unwrap()
    }

    fn stored(number: u64, more: &[(&str, &str)]) -> StoredLetter {
        let id = format!("{number:032x}");
        let rev = number.to_string();
        let fields = [
            ("flags", "v"),
            ("id", &id),
            ("other", "fra-finch"),
            ("text", "hi"),
            ("rev", &rev),
        ];
        let all = fields.iter().chain(more);
        let owned = all.map(|(field, value)| ((*field).to_owned(), (*value).to_owned()));
        (format!("{}-0", 1_000 + number), owned.collect())
    }

    fn boxed(rev: u64, letters: Vec<StoredLetter>) -> StoredMailbox {
        (rev, letters, Vec::new(), Vec::new(), Vec::new())
    }

    #[test]
    fn a_letter_reads_as_it_was_stored() {
        let came = letter(&home(), &stored(7, &[])).unwrap();
        let own = letter(&home(), &stored(8, &[("flags", "ov"), ("sent", "999")])).unwrap();
        let unread = letter(&home(), &stored(9, &[("flags", "ovu")])).unwrap();

        assert_eq!((came.rev, came.is_own), (7, false));
        assert_eq!((own.is_unclaimed, unread.is_unclaimed), (false, true));
        assert_eq!(came.message.from.to_string(), "fra-finch");
        assert_eq!(came.message.to, home());
        assert_eq!(came.message.sent_at, "1970-01-01T00:00:01.007Z");
        assert!(came.message.verified && own.is_own);
        assert_eq!(own.message.to.to_string(), "fra-finch");
        assert_eq!(own.message.from, home());
        assert_eq!(own.message.sent_at, "1970-01-01T00:00:00.999Z");
        assert_eq!(came.with(), own.with());
    }

    #[test]
    fn nothing_came_before_it_was_sent() {
        let sent = |ms| {
            letter(&home(), &stored(7, &[("sent", ms)]))
                .unwrap()
                .message
                .sent_at
        };

        assert_eq!(sent("1006"), "1970-01-01T00:00:01.006Z");
        assert_eq!(sent("99999999999999"), "1970-01-01T00:00:01.007Z");
    }

    #[test]
    fn what_makes_no_sense_is_no_letter() {
        for field in ["flags", "id", "other", "text"] {
            let mut without = stored(7, &[]);
            without.1.remove(field);
            assert_eq!(letter(&home(), &without), None, "without {field}");
        }
        for field in ["id", "other", "text", "rev", "sent"] {
            assert_eq!(
                letter(&home(), &stored(7, &[(field, " ")])),
                None,
                "odd {field}"
            );
        }
    }

    #[test]
    fn news_says_from_where_on_its_letters_are_all() {
        let newest_first = |count: u64| {
            (1..=count)
                .rev()
                .map(|number| stored(number, &[]))
                .collect()
        };

        let few = mailbox(&home(), boxed(30, newest_first(20)));
        let many = mailbox(&home(), boxed(30, newest_first(21)));

        let revs = |mailbox: &Mailbox| {
            mailbox
                .letters
                .iter()
                .map(|letter| letter.rev)
                .collect::<Vec<_>>()
        };
        assert_eq!((few.from_rev, revs(&few)), (0, (1..=20).collect()));
        assert_eq!((many.from_rev, revs(&many)), (1, (2..=21).collect()));
    }

    #[test]
    fn news_is_no_longer_than_a_frame_may_be() {
        // Six bytes of JSON each.
        let long = "\u{1}".repeat(4_095) + "x";
        let letters = (1..=5)
            .rev()
            .map(|number| stored(number, &[("text", &long)]));

        let mailbox = mailbox(&home(), boxed(5, letters.collect()));

        assert_eq!(mailbox.letters.len(), 1);
        assert_eq!((mailbox.letters[0].rev, mailbox.from_rev), (5, 4));
    }

    #[test]
    fn where_many_wait_each_says_less_of_its_reason() {
        let waits = |count: u128| {
            let wait = |number| Waiting {
                id: MessageId::of(number),
                attempts: 2,
                reason: "é".repeat(300),
                has_failed: false,
            };
            let waits = (0..count).map(wait);
            let told = |wait: Waiting| (wait.id.to_string(), serde_json::to_string(&wait).ok());
            waits.map(told).collect()
        };
        let told = |count| {
            let mailbox = mailbox(
                &home(),
                (9, Vec::new(), Vec::new(), waits(count), Vec::new()),
            );
            mailbox.waiting
        };

        let (few, many) = (told(10), told(100));

        assert!(few.iter().all(|one| one.reason == "é".repeat(300)));
        assert_eq!(many.len(), 100);
        let short = "é".repeat(29) + "…";
        assert!(many.iter().all(|one| one.reason == short));
        assert!(serde_json::to_string(&many).unwrap().len() < NEWS_MAX_BYTES / 2);
    }

    #[test]
    fn a_waiting_letter_has_a_reason_once_it_was_tried() {
        let id = MessageId::of(7);
        let tried = Waiting {
            id: id.clone(),
            attempts: 2,
            reason: "no answer".into(),
            has_failed: false,
        };

        let json = serde_json::to_string(&tried).unwrap();
        assert_eq!(waiting((id.to_string(), Some(json))), Some(tried));
        let fresh = waiting((id.to_string(), None)).unwrap();
        assert_eq!(
            (fresh.id, fresh.attempts, fresh.reason.as_str()),
            (id, 0, "")
        );
    }
}
