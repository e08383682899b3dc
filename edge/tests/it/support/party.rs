//! Parties, and what Redis holds of them.

use super::{PREFIX, Truth};
use edge::PartyPlan;
use protocol::{CODE_MAX, Coordinates, ParticipantName, Party, PartyCode};
use redis::AsyncCommands;

/// A listed party in Frankfurt whose creator has that name.
pub fn plan(name: &str) -> PartyPlan {
    PartyPlan {
        name: Some(ParticipantName::parse(name).unwrap()),
        at: place(50.110_9, 8.682_1),
        listed: true,
    }
}

/// A listed party at that place.
pub fn plan_at(at: Coordinates) -> PartyPlan {
    PartyPlan {
        name: None,
        at,
        listed: true,
    }
}

/// A place on Earth.
pub fn place(lat: f64, lng: f64) -> Coordinates {
    Coordinates::new(lat, lng).unwrap()
}

/// What participants are called, in order; the leader with a star, who is online with a dot.
pub fn names(party: &Party) -> Vec<String> {
    let name = |who: &protocol::Participant| {
        let star = if who.is_leader { "*" } else { "" };
        let dot = if who.online { "." } else { "" };
        format!("{}{star}{dot}", who.participant_name)
    };
    party.participants.iter().map(name).collect()
}

/// A code other than that one; where few parties are, nobody has it.
pub fn code_nobody_has(other: PartyCode) -> PartyCode {
    let number: u32 = other.to_string().parse().unwrap();
    let number = if number == CODE_MAX {
        number - 1
    } else {
        number + 1
    };
    PartyCode::of_number(number).unwrap()
}

impl Truth {
    /// The name of one of the parties' keys.
    pub fn party_key(name: &str) -> String {
        format!("{PREFIX}{{world}}:2:parties:{name}")
    }

    /// The keys of parties that there are, without what all begin with.
    pub async fn party_keys(&mut self) -> Vec<String> {
        let begin = Self::party_key("");
        let keys: Vec<String> = self.run(&["KEYS", &format!("{begin}*")]).await;
        let mut names: Vec<String> = keys.iter().map(|key| key[begin.len()..].into()).collect();
        names.sort();
        names
    }

    /// All members of a sorted set of the parties.
    pub async fn party_sorted(&mut self, name: &str) -> Vec<String> {
        let key = Self::party_key(name);
        self.connection.zrange(key, 0, -1).await.unwrap()
    }
}
