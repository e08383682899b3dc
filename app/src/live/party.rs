//! The party that a page shows, as the connection tells of it.

use protocol::live::{ClientFrame, VERSION_WITH_DRAW, VERSION_WITH_MAIL, VERSION_WITH_PARTIES};
use protocol::{MailAddress, Party, PartyCode};

/// What a page shows beside the world: it tells its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Nothing.
    World,
    /// Parties, and none in particular.
    Parties,
    /// One party.
    Party(PartyCode),
    /// A mailbox.
    Mail(MailAddress),
    /// The draw.
    Draw,
}

/// How the party is that a page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    /// Redis was out of reach, and nothing was heard since.
    Unknown,
    /// It is there.
    There(Party),
    /// It has ended, or never was.
    Gone,
}

/// The party, and whether what comes next is the truth or just news.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PartyNews {
    topic: Topic,
    standing: Standing,
    /// Set from a later welcome until the first frame after it: another server's revision may be lower, where
    /// Redis came back older. After the first welcome the server may only be behind what it rendered.
    is_fresh: bool,
    was_welcomed: bool,
}

impl PartyNews {
    pub(super) fn new(topic: Topic, standing: Standing) -> Self {
        Self {
            topic,
            standing,
            is_fresh: false,
            was_welcomed: false,
        }
    }

    /// What to tell a server that speaks this version.
    pub(super) fn welcome(&mut self, version: u32) -> Option<ClientFrame> {
        self.is_fresh = self.was_welcomed;
        self.was_welcomed = true;
        let party_code = match &self.topic {
            Topic::World => return None,
            Topic::Parties => None,
            Topic::Party(code) => Some(*code),
            Topic::Draw => return (version >= VERSION_WITH_DRAW).then_some(ClientFrame::Draw),
            Topic::Mail(address) => {
                let address = address.clone();
                return (version >= VERSION_WITH_MAIL).then_some(ClientFrame::Mail { address });
            }
        };
        (version >= VERSION_WITH_PARTIES).then_some(ClientFrame::Party { party_code })
    }

    /// Takes a frame in, if it is of this page's party and no older than what is known.
    pub(super) fn hear(&mut self, code: PartyCode, party: Option<Party>) {
        if self.topic != Topic::Party(code) {
            return;
        }
        let known = match &self.standing {
            Standing::There(known) if !self.is_fresh => known.rev,
            _ => 0,
        };
        self.is_fresh = false;
        match party {
            Some(party) if party.rev >= known => self.standing = Standing::There(party),
            Some(_) => {}
            None => self.standing = Standing::Gone,
        }
    }

    pub(super) fn standing(&self) -> &Standing {
        &self.standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::samples::party;

    fn code() -> PartyCode {
        PartyCode::parse("457495738").unwrap()
    }

    fn rev(news: &PartyNews) -> u64 {
        match news.standing() {
            Standing::There(party) => party.rev,
            _ => 0,
        }
    }

    #[test]
    fn a_server_is_told_what_the_page_shows_if_it_knows_parties() {
        let told = |topic, version| PartyNews::new(topic, Standing::Unknown).welcome(version);

        assert_eq!(told(Topic::World, 2), None);
        assert_eq!(
            told(Topic::Parties, 2),
            Some(ClientFrame::Party { party_code: None })
        );
        assert_eq!(
            told(Topic::Party(code()), 3),
            Some(ClientFrame::Party {
                party_code: Some(code())
            })
        );
        assert_eq!(told(Topic::Party(code()), 1), None);
        assert_eq!(told(Topic::Draw, 4), Some(ClientFrame::Draw));
        assert_eq!(told(Topic::Draw, 3), None);
    }

    #[test]
    fn a_party_never_goes_back_while_the_connection_lasts() {
        let mut news = PartyNews::new(Topic::Party(code()), Standing::There(party(5, &["Ann"])));

        news.hear(code(), Some(party(7, &["Ann"])));
        news.hear(code(), Some(party(6, &["Ann"])));
        assert_eq!(rev(&news), 7);

        let _first = news.welcome(2);
        news.hear(code(), Some(party(6, &["Ann"])));
        assert_eq!(rev(&news), 7);

        let _frame = news.welcome(2);
        news.hear(code(), Some(party(2, &["Ann"])));
        assert_eq!(rev(&news), 2);
    }

    #[test]
    fn an_ended_party_is_gone_and_another_is_not_ours() {
        let mut news = PartyNews::new(Topic::Party(code()), Standing::There(party(5, &["Ann"])));

        news.hear(PartyCode::parse("111111111").unwrap(), None);
        assert_eq!(rev(&news), 5);
        news.hear(code(), None);

        assert_eq!(news.standing(), &Standing::Gone);
    }
}
