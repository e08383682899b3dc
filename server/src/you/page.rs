//! The page of what the site knows of a visitor.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use edge::{LinkError, MailError, PartyError, PersonId};
use live::{Head, NOT_INDEXED};
use protocol::{MailAddress, PartyCode};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::headers::NO_STORE;
use web::page::Written;
use web::visitor::Visitor;

/// What the page says of who was just forgotten.
const NOTE_HERE: &str = "<p class=\"you__note\" role=\"status\" data-testid=\"note\">This browser is forgotten. \
    Other open pages of this site load again in a moment.</p>";
const NOTE_ALL: &str = "<p class=\"you__note\" role=\"status\" data-testid=\"note\">You are forgotten on all devices. \
    Your addresses are given back, and you are in no party.</p>";
/// What it says to a browser without a cookie.
const NOBODY: &str = "<section class=\"card\"><p data-testid=\"nobody\">Nothing: this browser has no cookie of ours. It gets \
    one with the next page that you open.</p></section>";
/// What it says of the cookie.
const COOKIE: &str = "<p>One cookie, without your name: it makes you the same person in all pages of this browser. If you \
    are a player of the draw, another one keeps your number. What you write in parties and letters is kept there, and some \
    pages keep drafts in this browser.</p>";

/// The page's query.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PageQuery {
    /// Where the visitor was just forgotten.
    forgotten: String,
}

/// What is a person's.
#[derive(Default)]
struct Belongings {
    addresses: Vec<MailAddress>,
    party: Option<PartyCode>,
}

/// Answers `GET /you`. It sets no cookie: who was just forgotten gets none from it.
pub(super) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    // Without them, nobody's cookie counts.
    state.keys()?;
    let known = match visitor.person {
        Some(person) => {
            let found = belongings(&state, person).await;
            let words = words(found.as_ref().ok());
            // On a card: the flock's dots beside bare words read as punctuation.
            let known = format!("<section class=\"card\">{COOKIE}{words}</section>");
            known + include_str!("forget.html")
        }
        None => {
            let Query(query) = query.unwrap_or_default();
            let note = match &query.forgotten[..] {
                "here" => NOTE_HERE,
                "all" => NOTE_ALL,
                _ => "",
            };
            format!("{note}{NOBODY}")
        }
    };
    let page = Written {
        head: Head {
            title: "You · Murmuration".into(),
            description: "What this site knows of you, and how to be forgotten.".into(),
            robots: NOT_INDEXED,
            ..Head::default()
        },
        main: &format!(include_str!("page.html"), known = known),
        ..Written::default()
    };
    Ok((NO_STORE, Html(state.frame.html(page))).into_response())
}

/// What is a person's; an error while Redis is away.
async fn belongings(state: &AppState, person: PersonId) -> Result<Belongings, LinkError> {
    let (addresses, party) = tokio::join!(
        state.engine.mail().addresses_of(person),
        state.engine.parties().of(person)
    );
    let addresses = match addresses {
        Err(MailError::Link(error)) => return Err(error),
        found => found.unwrap_or_default(),
    };
    let party = match party {
        Err(PartyError::Link(error)) => return Err(error),
        found => found.ok().flatten(),
    };
    Ok(Belongings {
        addresses,
        party: party.map(|party| party.party_code),
    })
}

/// That in words. Addresses and codes are letters, digits, hyphens and underscores: none needs escaping.
fn words(found: Option<&Belongings>) -> String {
    let Some(Belongings { addresses, party }) = found else {
        return "<p data-testid=\"belongings\">Failed to load what is yours. Reload this page in a minute.</p>".into();
    };
    let addresses = addresses
        .iter()
        .map(|address| format!("the mail address <b>{address}</b>"));
    let party = party.map(|code| format!("a place in <a href=\"/party/{code}\">party {code}</a>"));
    let all: Vec<_> = addresses.chain(party).collect();
    let list = match &all[..] {
        [] => "no mail address, and no place in a party".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    format!("<p data-testid=\"belongings\">By that cookie you have {list}.</p>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_a_person_has() {
        let addresses = ["ord-wren", "fra-finch"].map(|text| MailAddress::parse(text).unwrap());
        let party = PartyCode::parse("457495738").ok();
        let told = |count: usize, party| {
            words(Some(&Belongings {
                addresses: addresses[..count].to_vec(),
                party,
            }))
        };

        assert!(told(0, None).contains("no mail address"));
        assert!(told(1, None).contains("you have the mail address <b>ord-wren</b>."));
        assert!(
            told(2, party)
                .contains("<b>fra-finch</b> and a place in <a href=\"/party/457495738\">")
        );
        assert!(words(None).contains("Reload this page"));
    }
}
