//! What a page says of itself: to the browser's tab, to search engines, and where it is shared.

use crate::format::{code_in_groups, counted};
use crate::handover::Page;

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// What search engines are to do with it; nothing where they may find it.
    ///
    /// Who is in a party, and how to join it, is for those who have its link; a mailbox is its owner's.
    pub robots: Option<&'static str>,
}

impl Head {
    /// A page's own.
    pub(crate) fn of(page: &Page) -> Self {
        let (title, description) = words(page);
        Self {
            title,
            description,
            robots: matches!(page, Page::Party(_) | Page::Mail(_)).then_some("noindex"),
        }
    }
}

/// Title and description.
fn words(page: &Page) -> (String, String) {
    let (title, description) = match page {
        Page::World(_) => (
            "Murmuration".into(),
            "One number, shared live by servers all over the world. \
             Click in one region and watch every other region follow."
                .into(),
        ),
        Page::Parties(_) => (
            "Parties · Murmuration".into(),
            "Gather a few people from anywhere: start a party, join one by its code, or find one nearby. \
             The nearest live region takes you in."
                .into(),
        ),
        Page::Party(state) => {
            let code = code_in_groups(state.party_code);
            (
                format!("Party {code} · Murmuration"),
                format!("You are invited to party {code}: open it and join, from any region."),
            )
        }
        Page::Mail(state) => (
            match &state.with {
                Some(with) => format!("{with} · Mail · Murmuration"),
                None => "Mail · Murmuration".into(),
            },
            "Write to people of any region, and of other clusters: choose a name, and mail reaches you wherever \
             you are."
                .into(),
        ),
        Page::Draw(state) => (
            "Draw · Murmuration".into(),
            format!(
                "{}, each with new points in each round, and a minimum that nobody sees: ask who is above it, \
                 and see at most two.",
                counted(state.news.report.players, "player", "players")
            ),
        ),
    };
    (title, description)
}
