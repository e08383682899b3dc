//! What the server knew when it rendered the page, handed to the browser inside the document.
//!
//! It travels as a block of JSON in the document's head: data, not script, so that the content security policy
//! need not allow it, and there as soon as the document is parsed, so that hydration never waits. It names the page and carries
//! its state, `{"page": "world", "state": {…}}`: a browser first reads which page it is, then loads the code
//! of that one, which reads the state.

use protocol::{DrawState, MailState, PageState, PartiesState, PartyState};
#[cfg(any(feature = "hydrate", test))]
use serde::Deserialize;
use serde::Serialize;

/// The id of the element that carries the state.
pub(crate) const ELEMENT_ID: &str = "page-state";

/// A page, with all that it is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "page", content = "state", rename_all = "snake_case")]
pub enum Page {
    /// `/`.
    World(PageState),
    /// `/party`.
    Parties(Box<PartiesState>),
    /// `/party/{code}`.
    Party(Box<PartyState>),
    /// `/mail` and `/mail/{address}`.
    Mail(Box<MailState>),
    /// `/draw`.
    Draw(Box<DrawState>),
}

impl Page {
    /// The name of the page, and of the function in `frontend` that hydrates it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::World(_) => "world",
            Self::Parties(_) => "parties",
            Self::Party(_) => "party",
            Self::Mail(_) => "mail",
            Self::Draw(_) => "draw",
        }
    }
}

/// Which page a document holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// `/`.
    World,
    /// `/party`.
    Parties,
    /// `/party/{code}`.
    Party,
    /// `/mail` and `/mail/{address}`.
    Mail,
    /// `/draw`.
    Draw,
}

/// The page as JSON that no text in it can break out of.
pub(crate) fn to_json(page: &Page) -> String {
    // Within JSON a `<` only occurs inside strings, where its escape means the same.
    serde_json::to_string(page)
        .map(|json| json.replace('<', "\\u003c"))
        .unwrap_or_default()
}

/// Reads which page it is: the first thing that [`to_json`] writes. All pages load the code of this, so it is
/// no reader of any JSON.
#[cfg(any(feature = "hydrate", test))]
fn read_kind(json: &str) -> Option<PageKind> {
    let (name, _) = json.strip_prefix("{\"page\":\"")?.split_once('"')?;
    match name {
        "world" => Some(PageKind::World),
        "parties" => Some(PageKind::Parties),
        "party" => Some(PageKind::Party),
        "mail" => Some(PageKind::Mail),
        "draw" => Some(PageKind::Draw),
        _ => None,
    }
}

/// Reads the page's state.
#[cfg(any(feature = "hydrate", test))]
fn read_state<T: serde::de::DeserializeOwned>(json: &str) -> Option<T> {
    #[derive(Deserialize)]
    struct State<T> {
        state: T,
    }
    let State { state } = serde_json::from_str(json).ok()?;
    Some(state)
}

/// Which page the document holds.
#[cfg(feature = "hydrate")]
pub fn page_kind() -> Option<PageKind> {
    read_kind(&document_json()?)
}

/// The state that this page is to show, from the document.
#[cfg(feature = "hydrate")]
pub(crate) fn receive<T: serde::de::DeserializeOwned>() -> Option<T> {
    read_state(&document_json()?)
}

#[cfg(feature = "hydrate")]
fn document_json() -> Option<String> {
    leptos::prelude::document()
        .get_element_by_id(ELEMENT_ID)?
        .text_content()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{RegionCode, World};

    #[test]
    fn a_hostile_name_stays_inside_its_string() {
        let state = PageState {
            world: World::default(),
            history: vec![1, 2],
            region: RegionCode::parse("fra").unwrap(),
            instance: "</script><script>alert(1)".into(),
        };

        let json = to_json(&Page::World(state.clone()));

        assert!(!json.contains('<'));
        assert_eq!(read_kind(&json), Some(PageKind::World));
        assert!(json.contains(Page::World(state.clone()).name()));
        assert_eq!(read_state(&json), Some(state));
    }
}
