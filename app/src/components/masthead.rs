//! The page header: brand, navigation and the connection's state.

use super::ConnectionPill;
use crate::live::Connection;
use leptos::prelude::*;

/// A part of the site, for the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The world page.
    World,
    /// The page of all parties.
    Parties,
    /// A party's page, below that of all parties.
    Party,
    /// The mailbox.
    Mail,
    /// A conversation, below the mailbox.
    Conversation,
    /// The draw.
    Draw,
}

impl Section {
    /// What the navigation says of this page's own link and of the others.
    fn current(self, link: Self) -> Option<&'static str> {
        match (self, link) {
            (Self::Party, Self::Parties) | (Self::Conversation, Self::Mail) => Some("true"),
            (own, link) => (own == link).then_some("page"),
        }
    }
}

/// The sections that the navigation links to, with their paths and names.
const NAVIGATION: [(Section, &str, &str); 4] = [
    (Section::World, "/", "World"),
    (Section::Parties, "/party", "Parties"),
    (Section::Mail, "/mail", "Mail"),
    (Section::Draw, "/draw", "Draw"),
];

/// The navigation's paths and names, for the server's own pages.
#[must_use]
pub fn navigation() -> [(&'static str, &'static str); 4] {
    NAVIGATION.map(|(_, path, name)| (path, name))
}

/// The header of every page. The server writes the same one on its error pages.
#[component]
pub(crate) fn Masthead(
    /// Where the page belongs.
    section: Section,
    /// The state.
    connection: Memo<Connection>,
    /// How many of this visitor's clicks wait.
    waiting: Memo<usize>,
) -> impl IntoView {
    view! {
        <header class="masthead">
            <a class="masthead__brand" href="/" aria-label="Murmuration, home">
                <img class="masthead__mark" src="/favicon.svg" alt="" width="36" height="36" />
                <span class="masthead__name">"Murmuration"</span>
            </a>
            <nav class="site-nav" aria-label="Site">
                {NAVIGATION
                    .map(|(target, href, name)| {
                        view! { <a class="site-nav__link" href=href aria-current=section.current(target)>{name}</a> }
                    })
                    .collect_view()}
            </nav>
            <ConnectionPill connection waiting />
        </header>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_within_the_parties_and_a_conversation_within_mail() {
        assert_eq!(Section::Party.current(Section::Parties), Some("true"));
        assert_eq!(Section::Parties.current(Section::Parties), Some("page"));
        assert_eq!(Section::Parties.current(Section::World), None);
        assert_eq!(Section::Conversation.current(Section::Mail), Some("true"));
    }
}
