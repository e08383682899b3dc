//! What is around every page: the header with its navigation, the footer, and what the visitor is told.

use leptos::children::TypedChildren;
use leptos::prelude::*;
use live::bound::{flag, text};
use live::format::grouped;
use live::{ConnectionPill, Live, Notices, use_count};
use protocol::live::Topic;
use protocol::{UnreadLettersTopic, UnreadMessagesTopic};

/// A part of the site, for the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    World,
    Parties,
    /// A party's page, below that of all parties.
    Party,
    Mail,
    /// A conversation, below the mailbox.
    Conversation,
    Draw,
    Polls,
    /// One poll, below the form that asks for one.
    Poll,
}

impl Section {
    /// What the navigation says of this page's own link and of the others.
    fn current(self, link: Self) -> Option<&'static str> {
        match (self, link) {
            (Self::Party, Self::Parties)
            | (Self::Conversation, Self::Mail)
            | (Self::Poll, Self::Polls) => Some("true"),
            (own, link) => (own == link).then_some("page"),
        }
    }
}

/// The sections that the navigation links to, with their paths and names.
const NAVIGATION: [(Section, &str, &str); 5] = [
    (Section::World, "/", "World"),
    (Section::Parties, "/party", "Parties"),
    (Section::Mail, "/mail", "Mail"),
    (Section::Draw, "/draw", "Draw"),
    (Section::Polls, "/poll", "Poll"),
];

/// The navigation's paths and names, for the server's own pages.
#[must_use]
pub fn navigation() -> [(&'static str, &'static str); NAVIGATION.len()] {
    NAVIGATION.map(|(_, path, name)| (path, name))
}

/// A page. The server puts the same header on pages that it writes itself.
#[component]
pub(crate) fn Frame<Main: IntoView + 'static>(
    live: Live,
    /// Where the page belongs.
    section: Section,
    /// Where the link for keyboards leads that skips the header, and its words.
    skip: (&'static str, &'static str),
    /// The page's main part.
    children: TypedChildren<Main>,
) -> impl IntoView {
    // Neither part depends on the type of the main one: their code is downloaded once.
    view! {
        <Masthead live section skip />
        {children.into_inner()()}
        <PageFooter live />
    }
}

/// What is above the main part.
#[component]
fn Masthead(live: Live, section: Section, skip: (&'static str, &'static str)) -> impl IntoView {
    let (skip_to, skip) = skip;
    let messages = use_count(live, UnreadMessagesTopic::NAME);
    let letters = use_count(live, UnreadLettersTopic::NAME);
    let unread = move |link| match link {
        Section::Parties => Some(messages),
        Section::Mail => Some(letters),
        _ => None,
    };
    view! {
        <a class="skip-link" href=skip_to>{skip}</a>
        <div class="sky" aria-hidden="true"></div>
        <header class="masthead">
            <a class="masthead__brand" href="/" aria-label="Murmuration, home">
                <img class="masthead__mark" src="/favicon.svg" alt="" width="36" height="36" />
                <span class="masthead__name" translate="no">"Murmuration"</span>
            </a>
            <nav class="site-nav" aria-label="Site">
                {NAVIGATION
                    .map(|(target, href, name)| {
                        view! {
                            <a class="site-nav__link" href=href aria-current=section.current(target)>
                                {name}
                                {unread(target).map(unread_count)}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            <ConnectionPill live has_clicks=section == Section::World />
        </header>
    }
}

/// How many messages are unread behind a link of the navigation; `unread.js` tells of it elsewhere.
fn unread_count(count: Memo<i64>) -> impl IntoView {
    let many = text(move || match count.get() {
        ..0 => String::new(),
        count => grouped(count),
    });
    view! {
        <span class="site-nav__unread" hidden=flag(move || count.get() <= 0) translate="no">
            {many}
            <span class="visually-hidden">" unread"</span>
        </span>
    }
}

/// What is below the main part.
#[component]
fn PageFooter(live: Live) -> impl IntoView {
    view! { {footer()} <Notices live /> }
}

/// Where to read on, and whose work is shown.
pub(crate) fn footer() -> impl IntoView {
    view! {
        <footer class="page-footer">
            <p>
                "Every region shows the same world. Build on it with "
                <a href="/api/docs">"the API"</a> ", or see "<a href="/you">"what this site knows of you"</a> "."
            </p>
            <p class="page-footer__credits">"Coastlines: Natural Earth, in the Robinson projection."</p>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_within_the_parties_a_conversation_within_mail_and_a_poll_within_its_form() {
        assert_eq!(Section::Party.current(Section::Parties), Some("true"));
        assert_eq!(Section::Parties.current(Section::Parties), Some("page"));
        assert_eq!(Section::Parties.current(Section::World), None);
        assert_eq!(Section::Conversation.current(Section::Mail), Some("true"));
        assert_eq!(Section::Poll.current(Section::Polls), Some("true"));
    }
}
