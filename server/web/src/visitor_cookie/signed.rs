//! Further cookies of a site's own: short texts that a browser keeps, and that only we can have written.

use super::cookie::{expire, set};
use super::signature::{open, seal};
use crate::error::HttpError;
use crate::state::AppState;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum_extra::extract::cookie::{Cookie, Key};

/// A signed cookie with that name, of which scripts know nothing.
///
/// It is kept as long as the visitor's own, counted from when it was last set. Its name is signed with its text, so that no
/// cookie counts as another.
pub struct SignedCookie(
    /// The name.
    pub &'static str,
);

impl SignedCookie {
    /// The text that a request brings, where we signed it.
    #[must_use]
    pub fn read(&self, state: &AppState, headers: &HeaderMap) -> Option<String> {
        self.open(headers, &state.known_keys()?.signing)
    }

    /// The headers that set it to a text of a few characters: name and text have 42 at most.
    ///
    /// # Errors
    /// While the keys are unknown.
    pub fn set(
        &self,
        state: &AppState,
        text: &str,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, HttpError> {
        let sealed = self.seal(text, &state.keys()?.signing);
        let value = set(self.0, sealed, &state.config.cookie);
        Ok(value.map(|value| (SET_COOKIE, value)).into_iter().collect())
    }

    /// The headers that remove it, of this host and of the domain.
    #[must_use]
    pub fn remove(&self, state: &AppState) -> Vec<(HeaderName, HeaderValue)> {
        let all = expire(self.0, &state.config.cookie);
        all.map(|value| (SET_COOKIE, value)).collect()
    }

    fn open(&self, headers: &HeaderMap, keys: &[Key]) -> Option<String> {
        let texts = headers.get_all(COOKIE).iter();
        let texts = texts.filter_map(|text| text.to_str().ok());
        let mut cookies = texts.flat_map(|text| Cookie::split_parse_encoded(text).flatten());
        cookies.find_map(|cookie| {
            let (signed, _) = open(cookie.value(), keys).filter(|_| cookie.name() == self.0)?;
            let text = signed.strip_prefix(self.0)?.strip_prefix(' ')?;
            Some(text.to_owned())
        })
    }

    /// The space is in no visitor's cookie.
    fn seal(&self, text: &str, keys: &[Key]) -> String {
        seal(format!("{} {text}", self.0), keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visitor_cookie::{CookieScope, Keys, keep, read};

    const PLAYER: SignedCookie = SignedCookie("player");

    fn keys(secret: &str) -> Keys {
        Keys::of(&[&secret.repeat(32)], secret.repeat(32), None)
    }

    /// A request with these cookies, as a browser sends back what was set.
    fn request(cookies: &[String]) -> HeaderMap {
        let sent = cookies.iter().map(|set| set.split(';').next().unwrap());
        let sent = sent.collect::<Vec<_>>().join("; ");
        HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(sent).unwrap())])
    }

    fn text(value: HeaderValue) -> String {
        value.to_str().unwrap().to_owned()
    }

    /// The cookie that sets that text.
    fn cookie(text_set: &str, secret: &str) -> String {
        let sealed = PLAYER.seal(text_set, &keys(secret).signing);
        text(set(PLAYER.0, sealed, &CookieScope::default()).unwrap())
    }

    fn opened(cookies: &[String]) -> Option<String> {
        PLAYER.open(&request(cookies), &keys("a").signing)
    }

    #[test]
    fn a_text_comes_back_as_it_was_signed() {
        let set = cookie("100000000", "a");

        assert_eq!(opened(&[set]).as_deref(), Some("100000000"));
        let both = [cookie("1", "b"), cookie("2", "a")];
        assert_eq!(opened(&both).as_deref(), Some("2"));
        assert_eq!(opened(&[]), None);
    }

    #[test]
    fn a_text_that_we_did_not_sign_is_none() {
        let set = cookie("17", "a");

        for forged in [
            cookie("17", "b"),
            set.replace("17", "18"),
            "player=17".into(),
            "player=".into(),
        ] {
            assert_eq!(opened(std::slice::from_ref(&forged)), None, "{forged}");
        }
    }

    #[test]
    fn no_cookie_counts_as_another() {
        let headers = keep(&HeaderMap::new(), &keys("a"), &CookieScope::default());
        let visitor = text(headers[SET_COOKIE].clone());
        let player = cookie("17", "a");

        let as_player = visitor.replacen("person=", "player=", 1);
        let as_person = player.replacen("player=", "person=", 1);

        assert_eq!(opened(&[as_player]), None);
        assert_eq!(read(&request(&[as_person]), &keys("a")), None);
        let both = request(&[visitor.clone(), player]);
        assert!(PLAYER.open(&both, &keys("a").signing).is_some());
        assert_eq!(
            read(&both, &keys("a")),
            read(&request(&[visitor]), &keys("a"))
        );
    }
}
