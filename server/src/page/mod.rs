//! The pages.
//!
//! The world page is rendered at most once a change and never per visitor: it depends on the world alone, so
//! one rendering serves everyone until the world changes, and under a stream of changes for as long as a
//! frame lasts ([`Pages`]). Only the nonce of the content security policy is each answer's own: the rendering
//! is kept, plain and compressed, in the pieces between the places where it stands ([`pieces`]). The pages of
//! parties are each visitor's own ([`party`]), and so is what their forms answer ([`forms`]); so are the pages
//! of mail ([`mail`], [`mail_forms`]), which ask for more once they run ([`mail_parts`]). The page of the draw
//! ([`draw`]) asks it anew each time, unless somebody is only looked up.

mod cache;
pub(crate) use cache::Pages;

mod pieces;
mod render;

mod answer;

mod attempts;
mod forms;
pub(crate) use forms::{create, join, join_typed, leave, rename, to_hall, to_visit};

mod party;
pub(crate) use party::{show_parties, show_party};
mod room;
pub(crate) use room::{lines, say, to_room_again};

mod mail;
pub(crate) use mail::{show_conversation, show_mail};
mod mail_forms;
pub(crate) use mail_forms::{reply, take_name, to_mailbox, write};
mod mail_parts;
pub(crate) use mail_parts::{letters, seen, talks};

mod draw;
pub(crate) use draw::show_draw;

mod origins;
mod visitor;

use crate::headers::takes_gzip;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use leptos::config::Env;

/// Characters of a nonce: 128 bits, six a character.
const NONCE_CHARS: usize = 22;
const NONCE_ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Answers `GET /`.
pub(crate) async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    if !state.engine.mirror().is_full() {
        return Err(HttpError::NotReady);
    }
    let nonce = nonce();
    let rendering = state.pages.current().await?;
    let compressed = takes_gzip(&headers);
    let body = match compressed {
        true => rendering.pieces.gzip(&nonce),
        false => rendering.pieces.plain(&nonce),
    };
    let mut response = body.into_response();
    let answer = response.headers_mut();
    if compressed {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    answer.insert(
        CONTENT_SECURITY_POLICY,
        policy(&nonce, "", &state.config.site.env)?,
    );
    // Just started, and Redis went away again: a page without a cookie is better than none.
    answer.extend(visitor::cookie(&state, &headers));
    Ok(response)
}

fn nonce() -> String {
    let random: u128 = rand::random();
    (0..NONCE_CHARS)
        .map(|at| char::from(NONCE_ALPHABET[(random >> (at * 6) & 63) as usize]))
        .collect()
}

/// What the page may load: our own files, and scripts that carry this answer's nonce.
///
/// `others` are origins of other regions that it may ask, each after a space.
fn policy(nonce: &str, others: &str, env: &Env) -> Result<HeaderValue, HttpError> {
    // cargo-leptos reloads pages through a socket on another port.
    let reload = if *env == Env::DEV { " ws:" } else { "" };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'{others}{reload}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    policy.try_into().map_err(|_| HttpError::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_long_plain_and_each_another() {
        let (one, other) = (nonce(), nonce());

        assert_eq!(one.len(), NONCE_CHARS);
        assert!(one.bytes().all(|byte| NONCE_ALPHABET.contains(&byte)));
        assert_ne!(one, other);
    }
}
