//! What a page says of itself: to the browser's tab, to search engines, and where it is shared.

use crate::format::{code_in_groups, counted};
use protocol::{DrawState, MailState, PageState, PartiesState, PartyState};

/// Who is in a party, and how to join it, is for those who have its link; a mailbox is its owner's.
const NOT_INDEXED: Option<&str> = Some("noindex");

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// What search engines are to do with it; `None` where they may find it.
    pub robots: Option<&'static str>,
}

/// The world page's.
pub(crate) fn world(_: &PageState) -> Head {
    Head {
        title: "Murmuration".into(),
        description: "One number, shared live by servers all over the world. \
                      Click in one region and watch every other region follow."
            .into(),
        robots: None,
    }
}

/// That of the page of all parties.
pub(crate) fn parties(_: &PartiesState) -> Head {
    Head {
        title: "Parties · Murmuration".into(),
        description: "Bring a few people together from anywhere: start a party, join one by its code, or find one \
                      nearby. The nearest live region hosts you."
            .into(),
        robots: None,
    }
}

/// A party's page's.
pub(crate) fn party(state: &PartyState) -> Head {
    let code = code_in_groups(state.party_code);
    Head {
        title: format!("Party {code} · Murmuration"),
        description: format!("You are invited to party {code}: open it and join, from any region."),
        robots: NOT_INDEXED,
    }
}

/// That of the pages of mail.
pub(crate) fn mail(state: &MailState) -> Head {
    Head {
        title: match &state.with {
            Some(with) => format!("{with} · Mail · Murmuration"),
            None => "Mail · Murmuration".into(),
        },
        description: "Write to people in any region and in other clusters: choose a name, and mail reaches you \
                      wherever you are."
            .into(),
        robots: NOT_INDEXED,
    }
}

/// The draw's page's.
pub(crate) fn draw(state: &DrawState) -> Head {
    let players = counted(state.news.report.players, "player", "players");
    Head {
        title: "Draw · Murmuration".into(),
        description: format!(
            "{players}, scored anew every round, and a secret minimum: see at most two who are above it."
        ),
        robots: None,
    }
}
