//! The pages: one list, from which everything follows that is done for each of them.
//!
//! What the server knew when it rendered a page travels to the browser inside the document, as a block of JSON in its
//! head: data, not script, and there as soon as the document is parsed, so that hydration never waits. It names the page
//! and carries its state, `{"page": "world", "state": {…}}`: a browser first reads which page it is, then loads the code
//! of that one, which reads the state.

use crate::draw::{self, DrawPage};
use crate::head::Head;
use crate::mail::{self, MailPage};
use crate::party::{PartiesPage, PartyPage, parties_page, party_page};
use crate::poll::{self, PollPage};
use crate::world::{self, WorldPage};
use leptos::component::{component_props_builder, component_view};
use leptos::prelude::*;
use protocol::{DrawState, MailState, PageState, PartiesState, PartyState, PollState};
use serde::Serialize;
#[cfg(feature = "hydrate")]
use wasm_bindgen::JsCast;

/// The id of the element that carries the state.
pub(crate) const ELEMENT_ID: &str = "page-state";
/// The id of the element that the page is in, which guard.js knows too.
pub(crate) const SITE_ID: &str = "site";

/// Writes [`Page`], and how each page is named, rendered and hydrated.
///
/// An `eager` page's code is part of what all pages load, a `lazy` page's is a file of its own where the build is split.
macro_rules! pages {
    ($(#[doc = $doc:literal] $load:ident $name:ident: $variant:ident($state:ty) => $component:ident, $head:path;)*) => {
        /// A page, with all that it is rendered from.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(tag = "page", content = "state", rename_all = "snake_case")]
        pub enum Page {
            $(#[doc = $doc] $variant(Box<$state>),)*
        }

        impl Page {
            /// The page's name, which is also that of the function that hydrates it.
            pub(crate) fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => stringify!($name),)*
                }
            }

            /// What the page says of itself.
            pub(crate) fn head(&self) -> Head {
                match self {
                    $(Self::$variant(state) => $head(state),)*
                }
            }

            /// What a server renders inside the body.
            pub(crate) fn body(self) -> AnyView {
                match self {
                    $(Self::$variant(state) => {
                        let props = component_props_builder(&$component).state(*state).build();
                        component_view($component, props).into_any()
                    })*
                }
            }
        }

        /// Takes over the server's HTML of the page that the document holds, and keeps it live.
        #[cfg(feature = "hydrate")]
        pub async fn hydrate() {
            let json = document_json().unwrap_or_default();
            let Some((name, state)) = read(&json) else {
                return;
            };
            match name {
                $(stringify!($name) => $name(state.to_owned()).await,)*
                // A document of a server that knows more pages: it stays as it is, and its forms work.
                _ => {}
            }
        }

        $(pages!(@ $load $name $component);)*
    };
    (@ eager $name:ident $component:ident) => {
        #[cfg(feature = "hydrate")]
        async fn $name(state: String) {
            pages!(@hydrate $component, state);
        }
    };
    (@ lazy $name:ident $component:ident) => {
        #[cfg(feature = "hydrate")]
        #[cfg_attr(feature = "split", lazy)]
        async fn $name(state: String) {
            pages!(@hydrate $component, state);
        }
    };
    (@hydrate $component:ident, $state:ident) => {
        if let Some(state) = protocol::json::read(&$state) {
            if let Some(site) = served() {
                let view = || {
                    let props = component_props_builder(&$component).state(state).build();
                    component_view($component, props)
                };
                leptos::mount::hydrate_from(site, view).forget();
            }
        }
    };
}

// The world page is not split off: nearly all that it needs, all pages need. A file of its own would make a first visit
// 17 KB larger, beyond its budget, and other pages 7 to 25 KB smaller.
pages! {
    /// `/`.
    eager world: World(PageState) => WorldPage, world::page::head;
    /// `/party`.
    lazy parties: Parties(PartiesState) => PartiesPage, parties_page::head;
    /// `/party/{code}`.
    lazy party: Party(PartyState) => PartyPage, party_page::head;
    /// `/mail` and `/mail/{address}`.
    lazy mail: Mail(MailState) => MailPage, mail::page::head;
    /// `/draw`.
    lazy draw: Draw(DrawState) => DrawPage, draw::page::head;
    /// `/poll` and `/poll/{code}`.
    lazy poll: Poll(PollState) => PollPage, poll::page::head;
}

/// The page as JSON that no text in it can break out of.
pub(crate) fn to_json(page: &Page) -> String {
    // Within JSON a `<` only occurs inside strings, where its escape means the same.
    serde_json::to_string(page)
        .map(|json| json.replace('<', "\\u003c"))
        .unwrap_or_default()
}

/// Splits what [`to_json`] wrote into the page's name and its state. All pages load the code of this, so it is no reader
/// of any JSON.
#[cfg(any(feature = "hydrate", test))]
fn read(json: &str) -> Option<(&str, &str)> {
    let (name, rest) = json.strip_prefix(r#"{"page":""#)?.split_once('"')?;
    let state = rest.strip_prefix(r#","state":"#)?.strip_suffix('}')?;
    Some((name, state))
}

/// What the server rendered, once guard.js has undone what others changed in it.
#[cfg(feature = "hydrate")]
fn served() -> Option<web_sys::HtmlElement> {
    let document = document();
    let hydrating = web_sys::Event::new("hydrating").ok()?;
    document.dispatch_event(&hydrating).ok()?;
    document.get_element_by_id(SITE_ID)?.dyn_into().ok()
}

#[cfg(feature = "hydrate")]
fn document_json() -> Option<String> {
    document().get_element_by_id(ELEMENT_ID)?.text_content()
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
        let page = Page::World(Box::new(state.clone()));

        let json = to_json(&page);

        assert!(!json.contains('<'));
        let (name, read) = read(&json).unwrap();
        assert_eq!(name, page.name());
        assert_eq!(serde_json::from_str::<PageState>(read).unwrap(), state);
    }
}
