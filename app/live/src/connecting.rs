//! What connecting needs of the browser.

use leptos::prelude::window;
use protocol::SessionId;

/// Bytes of randomness in a session id: 128 bits cannot be guessed.
const SESSION_BYTES: usize = 16;
/// The digits of base64url.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Remembers, as long as the tab lives, for which server version the page was loaded anew.
const RELOADED_KEY: &str = "murmuration-reloaded-for";

/// A random number from 0 to below 1, for delays.
pub(super) fn roll() -> f64 {
    js_sys::Math::random()
}

/// A new session's id; nothing in a browser without randomness.
pub(super) fn new_session() -> Option<SessionId> {
    let mut bytes = [0; SESSION_BYTES];
    window()
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bytes)
        .ok()?;
    SessionId::parse(&base64url(&bytes)).ok()
}

/// The address of the live socket on the page's own host.
pub(super) fn live_url() -> Option<String> {
    let location = window().location();
    let scheme = if location.protocol().ok()? == "https:" {
        "wss"
    } else {
        "ws"
    };
    Some(format!("{scheme}://{}/live", location.host().ok()?))
}

/// Loads the page anew for a server of another version; false if that was tried before.
///
/// Without storage nothing remembers the first try, so there is none: a page must not reload in circles.
pub(super) fn reload_once(server_version: u32) -> bool {
    let Ok(Some(storage)) = window().session_storage() else {
        return false;
    };
    let version = server_version.to_string();
    if storage.get_item(RELOADED_KEY).ok().flatten().as_deref() == Some(&version) {
        return false;
    }
    storage.set_item(RELOADED_KEY, &version).is_ok() && window().location().reload().is_ok()
}

fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - group.len()));
        for digit in 0..=group.len() {
            text.push(char::from(DIGITS[bits >> (18 - 6 * digit) & 63]));
        }
    }
    text
}
