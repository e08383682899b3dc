//! What the server knew when it rendered the page, handed to the browser inside the document.
//!
//! It travels as a block of JSON in the document's head: data, not script, so that no nonce is spent on it,
//! and there as soon as the document is parsed, so that hydration never waits.

use protocol::PageState;

/// The id of the element that carries the state.
pub(crate) const ELEMENT_ID: &str = "page-state";

/// The state as JSON that no text in it can break out of.
pub(crate) fn to_json(state: &PageState) -> String {
    // Within JSON a `<` only occurs inside strings, where its escape means the same.
    serde_json::to_string(state)
        .map(|json| json.replace('<', "\\u003c"))
        .unwrap_or_default()
}

/// The state that this page is to show: on a server from its context, in a browser from the document.
///
/// Nothing where there is none, which only a server that forgot to provide it can cause.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn receive() -> Option<PageState> {
    leptos::prelude::use_context()
}

/// The state that this page is to show, from the document.
#[cfg(feature = "hydrate")]
pub(crate) fn receive() -> Option<PageState> {
    let element = leptos::prelude::document().get_element_by_id(ELEMENT_ID)?;
    serde_json::from_str(&element.text_content()?).ok()
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

        let json = to_json(&state);

        assert!(!json.contains('<'));
        assert_eq!(serde_json::from_str::<PageState>(&json).unwrap(), state);
    }
}
