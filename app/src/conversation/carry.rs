//! What a page hands to the one in another region that it moves to, whose browser storage is another one.
//!
//! It stands in the part of the address that no server sees. Whoever makes a link could write such a part, too: a text is
//! sent without asking only if the person's own token, which pages alone know, is with it.

use super::OpenConversation;
use crate::address;
use leptos::prelude::window;
use live::browser::{focus_on, focused_id};
use live::pending::{PendingRequest, pending};
use protocol::json;
use serde::{Deserialize, Serialize};

/// Begins that part.
const MARK: &str = "#carry=";

/// What is carried.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Carried {
    /// The person's token.
    token: String,
    /// What was typed and not sent.
    draft: String,
    /// What was sent and not answered, as [`PendingRequest::write`] writes it.
    requests: Vec<String>,
    /// The id of the element that had the focus; may be empty.
    focus: String,
}

impl Carried {
    /// What may be sent unasked, and what goes into the field.
    fn unpack(self, token: Option<&str>, name: &str) -> (Vec<PendingRequest>, String) {
        let is_own = token.is_some_and(|token| !token.is_empty() && token == self.token);
        let requests = self.requests.iter();
        let requests = requests.filter_map(|written| PendingRequest::read(written));
        let of_this = requests.filter(|request| request.conversation == name);
        match is_own {
            true => (of_this.collect(), self.draft),
            false => {
                let mut texts: Vec<_> = of_this.map(|request| request.text).collect();
                texts.extend((!self.draft.is_empty()).then_some(self.draft));
                (Vec::new(), texts.join("\n"))
            }
        }
    }
}

impl OpenConversation {
    /// The part of the address that carries what is typed or not answered; empty where there is nothing.
    pub(crate) fn carried(self, token: &str) -> String {
        let name = self.name().unwrap_or_default();
        let requests = pending()
            .into_iter()
            .filter(|request| request.conversation == name);
        let carried = Carried {
            token: token.to_owned(),
            draft: self.draft().unwrap_or_default(),
            requests: requests.map(|request| request.write()).collect(),
            focus: focused_id(),
        };
        if carried
            == (Carried {
                token: token.to_owned(),
                ..Carried::default()
            })
        {
            return String::new();
        }
        let json = serde_json::to_string(&carried).unwrap_or_default();
        let mut part = MARK.to_owned();
        address::encode(&json, &mut part);
        part
    }

    /// Takes in what the page before carried here, and removes it from the address. `token` is the person's.
    pub(crate) fn take_carried(self, token: Option<&str>) {
        let hash = window().location().hash().unwrap_or_default();
        let Some((part, name)) = hash.strip_prefix(MARK).zip(self.name()) else {
            return;
        };
        if let (Ok(history), Ok(path)) = (window().history(), window().location().pathname()) {
            let null = wasm_bindgen::JsValue::NULL;
            let _replaced = history.replace_state_with_url(&null, "", Some(&path));
        }
        let json = js_sys::decode_uri_component(part).ok().map(String::from);
        let carried = json.and_then(|json| json::read::<Carried>(&json));
        let carried = carried.unwrap_or_default();
        focus_on(&carried.focus);
        let (requests, draft) = carried.unpack(token, &name);
        requests.iter().for_each(PendingRequest::keep);
        if !draft.is_empty() {
            self.keep_draft(&draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(token: &str) -> Carried {
        let request = |conversation: &str, text: &str| {
            let request = PendingRequest {
                conversation: conversation.into(),
                text: text.into(),
                ..PendingRequest::default()
            };
            request.write()
        };
        Carried {
            token: token.into(),
            draft: "half".into(),
            requests: vec![request("party:1", "a"), request("party:2", "b")],
            focus: String::new(),
        }
    }

    #[test]
    fn only_the_persons_own_texts_of_this_conversation_are_sent_unasked() {
        let (requests, draft) = carried("secret").unpack(Some("secret"), "party:1");

        let texts: Vec<_> = requests.iter().map(|request| &request.text[..]).collect();
        assert_eq!((texts, &draft[..]), (vec!["a"], "half"));
    }

    #[test]
    fn a_link_of_somebody_else_fills_the_field_alone() {
        for (theirs, own) in [("guess", Some("secret")), ("", Some("")), ("secret", None)] {
            let (requests, draft) = carried(theirs).unpack(own, "party:1");

            assert!(requests.is_empty());
            assert_eq!(draft, "a\nhalf");
        }
    }
}
