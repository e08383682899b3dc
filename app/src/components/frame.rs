//! What is around every page: the header with its navigation, the footer, and what the visitor is told.

use leptos::children::TypedChildren;
use leptos::prelude::*;
use live::bound::{flag, mark, text};
use live::format::{age, counted};
use live::{Connection, Live};

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

/// A page. The server writes the same header on its error pages.
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
                        view! { <a class="site-nav__link" href=href aria-current=section.current(target)>{name}</a> }
                    })
                    .collect_view()}
            </nav>
            <ConnectionPill connection=live.connection() waiting=live.waiting() has_clicks=section == Section::World />
        </header>
    }
}

/// What is below the main part.
#[component]
fn PageFooter(live: Live) -> impl IntoView {
    view! {
        <footer class="page-footer">
            <p>
                "Every region shows the same world. Build on it with "
                <a href="/api/docs">"the API"</a> ", or see "<a href="/you">"what it knows of you"</a> "."
            </p>
            <p class="page-footer__credits">"Coastlines: Natural Earth, in the Robinson projection."</p>
        </footer>
        <Notices live />
    }
}

/// Shows and announces problems, and announces results, which everybody else sees in the number.
///
/// Both elements exist from the start: a screen reader announces changes only of elements it knows.
#[component]
fn Notices(live: Live) -> impl IntoView {
    let [title, detail, result] = [live.problem(), live.problem_detail(), live.result()];
    let is_shown = move || title.with(|title| !title.is_empty()).to_string();
    view! {
        <div class="notices" translate="no" role="status" data-testid="notice" data-shown=text(is_shown)>
            <strong class="notices__title">{text(move || title.get())}</strong>
            <span class="notices__detail">{text(move || detail.get())}</span>
        </div>
        <p class="visually-hidden" role="status" data-testid="result" translate="no">{text(move || result.get())}</p>
    }
}

/// The connection's state in a few words, and under it what that means for the visitor.
///
/// A screen reader announces only the words: the ages below them change every second.
#[component]
fn ConnectionPill(
    connection: Memo<Connection>,
    waiting: Memo<i64>,
    /// Whether the page takes clicks.
    has_clicks: bool,
) -> impl IntoView {
    let detail = Memo::new(move |_| detail(connection.get(), has_clicks));
    let waits = Memo::new(move |_| waits_text(waiting.get()));
    view! {
        <div class="connection-pill" translate="no" data-state=mark(move || Some(connection.get().name())) data-testid="connection">
            <p class="connection-pill__state" role="status">
                <span class="connection-pill__light" aria-hidden="true"></span>
                <span data-testid="connection-label">{text(move || connection.get().label().into())}</span>
            </p>
            <div
                class="connection-pill__details"
                hidden=flag(move || detail.with(String::is_empty) && waits.with(String::is_empty))
            >
                <p data-testid="connection-detail">{text(move || detail.get())}</p>
                <p data-testid="waiting">{text(move || waits.get())}</p>
            </div>
        </div>
    }
}

/// What the connection means for the visitor. Only a page that takes clicks speaks of them.
fn detail(connection: Connection, has_clicks: bool) -> String {
    match connection {
        Connection::Stale { age_ms } | Connection::Offline { age_ms } if !has_clicks => {
            format!("This page is {} old. It catches up by itself.", age(age_ms))
        }
        other => other.detail(),
    }
}

fn waits_text(waiting: i64) -> String {
    match waiting {
        0 => String::new(),
        waiting => format!(
            "{} to be counted.",
            counted(waiting, "click waits", "clicks wait")
        ),
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

    #[test]
    fn only_a_page_with_clicks_speaks_of_them() {
        for connection in [
            Connection::Stale { age_ms: 14_000 },
            Connection::Offline { age_ms: 14_000 },
        ] {
            assert!(detail(connection, true).contains("clicks"));
            assert_eq!(
                detail(connection, false),
                "This page is 14 s old. It catches up by itself."
            );
        }
    }

    #[test]
    fn waiting_clicks_are_counted_in_words() {
        assert_eq!(waits_text(0), "");
        assert_eq!(waits_text(1), "1 click waits to be counted.");
        assert_eq!(waits_text(1_200), "1,200 clicks wait to be counted.");
    }
}
