//! The pages of an app: one list, from which everything follows that is done for each of them.
//!
//! What the server knew when it rendered a page travels to the browser inside the document, as a block of JSON in its
//! head: data, not script, and there as soon as the document is parsed, so that hydration never waits. It names the page
//! and carries its state, `{"page": "world", "state": {…}}`: a browser first reads which page it is, then loads the code
//! of that one, which reads the state.

use crate::Head;
use leptos::prelude::AnyView;
#[cfg(feature = "hydrate")]
use leptos::prelude::{IntoView, document};
use serde::Serialize;
#[cfg(feature = "hydrate")]
use serde::de::DeserializeOwned;
#[cfg(feature = "hydrate")]
use wasm_bindgen::JsCast;

/// The id of the element that carries the state.
pub(crate) const ELEMENT_ID: &str = "page-state";
/// The id of the element that the page is in, which guard.js knows too.
pub(crate) const SITE_ID: &str = "site";

/// A page, with all that it is rendered from: the enum that [`pages!`](crate::pages!) writes.
pub trait PageContent: Serialize {
    /// The page's name, which is also that of the function that hydrates it.
    fn name(&self) -> &'static str;

    /// What the page says of itself.
    fn head(&self) -> Head;

    /// What a server renders inside the body.
    fn body(self) -> AnyView;
}

/// Writes the enum `Page`, how each page is named, rendered and hydrated, and the function `hydrate`, which a browser calls
/// once: it takes over the server's HTML of the page that the document holds, and keeps it live.
///
/// ```
/// use leptos::prelude::*;
/// use murmuration_leptos::{Head, PageContent, provide_live};
/// use murmuration_leptos::protocol::PageState;
///
/// #[component]
/// fn Home(state: PageState) -> impl IntoView {
///     let live = provide_live(state);
///     view! { <p>{live.total()}</p> }
/// }
///
/// fn home_head(_: &PageState) -> Head {
///     Head { title: "Home".into(), ..Head::default() }
/// }
///
/// murmuration_leptos::pages! {
///     /// `/`.
///     eager home: Home(PageState) => Home, home_head;
/// }
///
/// let html = |state: PageState| Page::Home(Box::new(state)).body();
/// ```
///
/// A line has the page's name, its variant (the name in camel case), what it is rendered from, its component, whose only
/// property is that `state`, and the function that makes its [`Head`]. An `eager` page's code is part of what all pages
/// load, a `lazy` page's is a file of its own where the build is split.
///
/// The crate that writes this depends on `leptos` and `serde`, and has two Cargo features of its own. With `hydrate`, which
/// turns on `murmuration-leptos/hydrate`, there is the function `hydrate`. With `split`, which turns on
/// `murmuration-leptos/split`, `lazy` pages are split off.
#[macro_export]
macro_rules! pages {
    ($(#[doc = $doc:literal] $load:ident $name:ident: $variant:ident($state:ty) => $component:ident, $head:path;)*) => {
        /// A page, with all that it is rendered from.
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        #[serde(tag = "page", content = "state", rename_all = "snake_case")]
        pub enum Page {
            $(#[doc = $doc] $variant(Box<$state>),)*
        }

        impl $crate::PageContent for Page {
            fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => stringify!($name),)*
                }
            }

            fn head(&self) -> $crate::Head {
                match self {
                    $(Self::$variant(state) => $head(state),)*
                }
            }

            fn body(self) -> ::leptos::prelude::AnyView {
                match self {
                    $(Self::$variant(state) => {
                        ::leptos::prelude::IntoAny::into_any($crate::pages!(@view $component, *state))
                    })*
                }
            }
        }

        /// Takes over the server's HTML of the page that the document holds, and keeps it live.
        #[cfg(feature = "hydrate")]
        pub async fn hydrate() {
            let Some((name, state)) = $crate::__private::handed_over() else {
                return;
            };
            match &*name {
                $(stringify!($name) => $name(state).await,)*
                // A document of a server that knows more pages: it stays as it is, and its forms work.
                _ => {}
            }
        }

        $($crate::pages!(@ $load $name $component);)*
    };
    (@ eager $name:ident $component:ident) => {
        #[cfg(feature = "hydrate")]
        async fn $name(state: String) {
            $crate::__private::hydrate_page(&state, |state| $crate::pages!(@view $component, state));
        }
    };
    (@ lazy $name:ident $component:ident) => {
        #[cfg(feature = "hydrate")]
        #[cfg_attr(feature = "split", ::leptos::lazy)]
        async fn $name(state: String) {
            $crate::__private::hydrate_page(&state, |state| $crate::pages!(@view $component, state));
        }
    };
    (@view $component:ident, $state:expr) => {{
        let props = ::leptos::component::component_props_builder(&$component).state($state).build();
        ::leptos::component::component_view($component, props)
    }};
}

/// The page as JSON that no text in it can break out of.
pub(crate) fn to_json(page: &impl Serialize) -> String {
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

/// The name of the document's page, and its state as JSON.
#[cfg(feature = "hydrate")]
pub fn handed_over() -> Option<(String, String)> {
    let json = document().get_element_by_id(ELEMENT_ID)?.text_content()?;
    let (name, state) = read(&json)?;
    Some((name.to_owned(), state.to_owned()))
}

/// Takes over what the server rendered, as `view` renders it from the state.
#[cfg(feature = "hydrate")]
pub fn hydrate_page<S: DeserializeOwned + 'static, V: IntoView + 'static>(
    json: &str,
    view: impl FnOnce(S) -> V + 'static,
) {
    if let Some(state) = protocol::json::read(json)
        && let Some(site) = served()
    {
        leptos::mount::hydrate_from(site, || view(state)).forget();
    }
}

/// What the server rendered, once guard.js has undone what others changed in it.
#[cfg(feature = "hydrate")]
fn served() -> Option<web_sys::HtmlElement> {
    let document = document();
    let hydrating = web_sys::Event::new("hydrating").ok()?;
    document.dispatch_event(&hydrating).ok()?;
    document.get_element_by_id(SITE_ID)?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;
    use protocol::{PageState, RegionCode, World};

    #[component]
    fn Empty(state: PageState) -> impl IntoView {
        drop(state);
    }

    fn no_head(_: &PageState) -> Head {
        Head::default()
    }

    crate::pages! {
        /// `/`.
        lazy front_page: FrontPage(PageState) => Empty, no_head;
    }

    #[test]
    fn a_hostile_name_stays_inside_its_string() {
        let state = PageState {
            world: World::default(),
            history: vec![1, 2],
            region: RegionCode::parse("fra").unwrap(),
            instance: "</script><script>alert(1)".into(),
        };
        let page = Page::FrontPage(Box::new(state.clone()));

        let json = to_json(&page);

        assert!(!json.contains('<'));
        let (name, read) = read(&json).unwrap();
        assert_eq!(name, page.name());
        assert_eq!(serde_json::from_str::<PageState>(read).unwrap(), state);
    }
}
