//! Parses parties and chats as Redis stores them.

use super::cell::Cell;
use crate::timestamp::rfc3339;
use protocol::{
    Chat, ChatMessage, Cursor, MessageId, MessageText, NearbyParty, Participant, Party, PartyCode,
    RegionCode,
};
use std::collections::HashMap;

/// A party's fields and values, and the ids of the participants who are online, with the regions that serve them.
pub(super) type StoredParty = (HashMap<String, String>, HashMap<u32, String>);
/// A nearby party: code, cell, number of participants, host's id, host's name, region.
pub(super) type StoredNearby = (String, String, u32, u32, Option<String>, String);

/// A chat message: cursor, participant's id, their name, text, message id.
pub(super) type StoredMessage = (String, u32, String, String, String);
/// Whether the party exists, and its chat's messages, newest first.
pub(super) type StoredChat = (bool, Vec<StoredMessage>);

/// Parses a party of at most `limit` participants; `None` if fields are missing or invalid, as another version may have
/// written them.
pub(super) fn party(code: PartyCode, stored: &StoredParty, limit: u32) -> Option<Party> {
    let (fields, online) = stored;
    let leader: u32 = fields.get("leader")?.parse().ok()?;
    let at = Cell::parse(fields.get("cell")?)?.middle()?;
    let created_ms: i64 = fields.get("created")?.parse().ok()?;
    let mut participants = Vec::new();
    for (field, value) in fields {
        let Some(id) = field.strip_prefix("p:") else {
            continue;
        };
        let participant_id: u32 = id.parse().ok()?;
        let (_person, joined_ms) = value.split_once(' ')?;
        let joined_ms: i64 = joined_ms.parse().ok()?;
        let given = fields.get(&format!("n:{id}")).cloned();
        participants.push(Participant {
            participant_id,
            participant_name: name(given, participant_id),
            is_leader: participant_id == leader,
            online: online.contains_key(&participant_id),
            region: online
                .get(&participant_id)
                .and_then(|code| RegionCode::parse(code).ok()),
            message_ms: fields
                .get(&format!("t:{id}"))
                .and_then(|ms| ms.parse().ok()),
            joined_at: rfc3339(created_ms.checked_add(joined_ms)?)?,
        });
    }
    // Ids are assigned in the order of joining.
    participants.sort_by_key(|participant| participant.participant_id);
    Some(Party {
        party_code: code,
        rev: fields.get("rev")?.parse().ok()?,
        region: RegionCode::parse(fields.get("region")?).ok()?,
        lat: at.lat(),
        lng: at.lng(),
        listed: fields.get("listed")? == "1",
        created_at: rfc3339(created_ms)?,
        limit,
        participants,
    })
}

/// A participant's name, or the default one, which counts from 1 as people do.
fn name(given: Option<String>, id: u32) -> String {
    given.unwrap_or_else(|| format!("Guest {}", u64::from(id) + 1))
}

/// Parses the results of a search: up to `limit` parties within `radius_km`, closest first.
pub(super) fn nearby(
    found: Vec<StoredNearby>,
    from: protocol::Coordinates,
    radius_km: f64,
    limit: usize,
) -> Vec<NearbyParty> {
    let read = |(code, cell, participant_count, leader, name_given, region): StoredNearby| {
        let at = Cell::parse(&cell)?.middle()?;
        Some(NearbyParty {
            party_code: PartyCode::parse(&code).ok()?,
            distance_km: from.distance_km(at),
            participant_count,
            leader_name: name(name_given, leader),
            region: RegionCode::parse(&region).ok()?,
            lat: at.lat(),
            lng: at.lng(),
        })
    };
    let mut parties: Vec<_> = found.into_iter().filter_map(read).collect();
    parties.retain(|party| party.distance_km <= radius_km);
    // A stable sort keeps the newest first within a cell.
    parties.sort_by(|one, other| one.distance_km.total_cmp(&other.distance_km));
    parties.truncate(limit);
    parties
}

/// Parses a chat's newest messages up to these limits, but at least one. `None` if the party does not exist.
pub(super) fn chat(
    (exists, found): StoredChat,
    messages_max: usize,
    bytes_max: usize,
) -> Option<Chat> {
    let mut chat = Chat::default();
    let mut bytes = 0;
    for message in found.into_iter().filter_map(message) {
        bytes += message.message.as_str().len();
        let fits = chat.messages.is_empty() || bytes <= bytes_max;
        if chat.messages.len() >= messages_max || !fits {
            chat.before = Some(message.cursor);
            break;
        }
        chat.messages.push(message);
    }
    chat.messages.reverse();
    exists.then_some(chat)
}

/// Parses a message; `None` if it is invalid.
pub(super) fn message(
    (cursor, participant_id, given, text, id): StoredMessage,
) -> Option<ChatMessage> {
    let cursor = Cursor::parse(&cursor).ok()?;
    // Servers before protocol version 5 stored no id: their messages are told apart by millisecond.
    let id = MessageId::parse(&id).unwrap_or_else(|_| MessageId::of(cursor.ms().into()));
    let given = (!given.is_empty()).then_some(given);
    Some(ChatMessage {
        id,
        cursor,
        participant_id,
        participant_name: name(given, participant_id),
        message: MessageText::parse(&text).ok()?,
        sent_at: rfc3339(cursor.ms())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Coordinates;

    const LIMIT: u32 = 64;

    fn code() -> PartyCode {
        PartyCode::parse("457495738").unwrap()
    }

    fn stored() -> StoredParty {
        let person = "0".repeat(32);
        let fields = [
            ("region", "fra".to_owned()),
            ("cell", "5011,-868".into()),
            ("listed", "1".into()),
            ("created", "1763725658007".into()),
            ("next", "11".into()),
            ("leader", "10".into()),
            ("count", "2".into()),
            ("rev", "7".into()),
            ("p:10", format!("{person} 1093")),
            ("n:10", "Wren".into()),
            ("p:9", format!("{person} 993")),
            ("t:9", "108".into()),
            ("s:9", "3".into()),
        ];
        let fields = fields.map(|(field, value)| (field.to_owned(), value));
        (fields.into(), HashMap::from([(9, "syd".into())]))
    }

    #[test]
    fn a_party_reads_as_it_was_stored() {
        let party = party(code(), &stored(), LIMIT).unwrap();

        assert_eq!((party.lat, party.lng, party.rev), (50.11, -8.68, 7));
        assert_eq!(party.created_at, "2025-11-21T11:47:38.007Z");
        let [first, second] = &party.participants[..] else {
            panic!("{party:?}");
        };
        assert_eq!(first.participant_name, "Guest 10");
        assert!(first.online && !first.is_leader);
        assert_eq!(first.region, RegionCode::parse("syd").ok());
        assert_eq!((first.message_ms, second.message_ms), (Some(108), None));
        assert_eq!(second.participant_name, "Wren");
        assert!(second.is_leader && !second.online);
        assert_eq!(second.joined_at, "2025-11-21T11:47:39.100Z");
    }

    #[test]
    fn what_makes_no_sense_is_no_party() {
        for field in ["region", "cell", "listed", "created", "leader", "rev"] {
            let mut without = stored();
            without.0.remove(field);
            assert_eq!(party(code(), &without, LIMIT), None, "without {field}");
            if field != "listed" {
                without.0.insert(field.into(), "?!".into());
                assert_eq!(party(code(), &without, LIMIT), None, "odd {field}");
            }
        }
    }

    #[test]
    fn a_chat_reads_oldest_first_and_says_what_is_before() {
        let message = |number: u32, text: &str| {
            let cursor = format!("{}-0", 1_763_725_658_007_u64 + u64::from(number));
            let id = MessageId::of(number.into()).to_string();
            (cursor, number, String::new(), text.to_owned(), id)
        };
        let found = || vec![message(3, "three"), message(2, "two"), message(1, "one")];
        let told = |messages_max, bytes_max| {
            let chat = chat((true, found()), messages_max, bytes_max).unwrap();
            let ids: Vec<_> = chat.messages.iter().map(|one| one.participant_id).collect();
            (ids, chat.before.map(|before| before.ms() % 10))
        };

        assert_eq!(told(3, 100), (vec![1, 2, 3], None));
        assert_eq!(told(2, 100), (vec![2, 3], Some(8)));
        assert_eq!(told(3, 8), (vec![2, 3], Some(8)));
        assert_eq!(told(3, 1), (vec![3], Some(9)), "one message always fits");
        let chat = chat((true, found()), 3, 100).unwrap();
        assert_eq!(chat.messages[0].sent_at, "2025-11-21T11:47:38.008Z");
        assert_eq!(chat.messages[0].participant_name, "Guest 2");
        assert_eq!(super::chat((false, vec![]), 3, 100), None);
    }

    #[test]
    fn nearby_parties_come_closest_first_and_within_the_radius() {
        let from = Coordinates::new(0.0, 0.0).unwrap();
        let found = |code: &str, cell: &str| {
            let (code, cell, region) = (code.into(), cell.into(), "fra".into());
            (code, cell, 1, 3, None, region)
        };
        let all = vec![
            found("100000003", "0,300"),
            found("100000001", "0,-100"),
            found("100000002", "0,-100"),
            found("100000009", "0,9000"),
            found("bad", "0,0"),
        ];

        let near = nearby(all.clone(), from, 1_000.0, 10);

        let codes: Vec<_> = near
            .iter()
            .map(|near| near.party_code.to_string())
            .collect();
        assert_eq!(codes, ["100000001", "100000002", "100000003"]);
        assert_eq!(near[0].leader_name, "Guest 4");
        assert_eq!(nearby(all, from, 1_000.0, 1).len(), 1);
    }
}
