//! The visitor's location, and the parties nearby.

use super::browser::read;
use super::signals::{Dispatch, LocationStatus};
use crate::address;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use live::browser::{focus_on, is_visible};
use live::format::exact;
use protocol::{Coordinates, NEARBY_MAX, NEARBY_RADIUS_KM, NearbyParty};
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Position, PositionError, PositionOptions};

/// The time between two requests for nearby parties, in milliseconds.
const LOOK_MS: u32 = 4_000;
/// How long a browser may take to find its location, in milliseconds, once the visitor has agreed.
const LOCATE_MS: u32 = 10_000;
/// How long a visitor may leave the question open before they can ask for it again.
const ANSWER: Duration = Duration::from_secs(30);
/// How old a location that the browser remembers may be, in milliseconds.
const PLACE_AGE_MS: u32 = 600_000;
/// The error code of a refusal (W3C Geolocation, section 10.1).
const DENIED: u16 = 1;

/// Keeps the nearby parties up to date for as long as the page is open, at once when the visitor's location changes.
pub(crate) fn follow(dispatch: Dispatch, nearby: RwSignal<Vec<NearbyParty>>) {
    Effect::new(move |before: Option<()>| {
        dispatch.position.track();
        if before.is_some() {
            leptos::task::spawn_local(look(dispatch, nearby));
        }
    });
    leptos::task::spawn_local(async move {
        loop {
            TimeoutFuture::new(LOOK_MS).await;
            if nearby.is_disposed() {
                return;
            }
            if is_visible() {
                look(dispatch, nearby).await;
            }
        }
    });
}

async fn look(dispatch: Dispatch, nearby: RwSignal<Vec<NearbyParty>>) {
    let Some(from) = untrack(|| dispatch.from()) else {
        return;
    };
    let from = from.rounded();
    let url = format!(
        "/parties?lat={}&lng={}&radius_km={NEARBY_RADIUS_KM}&limit={NEARBY_MAX}",
        exact(from.lat()),
        exact(from.lng())
    );
    if let Some(found) = read::<Vec<NearbyParty>>(&url).await
        && nearby.try_with_untracked(|known| *known != found) == Some(true)
    {
        nearby.try_set(found);
    }
}

/// Takes over the location and the focus that a visitor brings from another region's page, in the fragment, which no
/// server sees.
pub(crate) fn arrive(dispatch: Dispatch) {
    let hash = window().location().hash().unwrap_or_default();
    let (place, focus) = address::read_arrival(&hash);
    focus_on(focus);
    if let Some(place) = place {
        dispatch.position.set(Some(place));
        dispatch.locating.set(LocationStatus::Found);
    }
}

/// Asks the browser for the location, which asks the visitor.
pub(crate) fn locate(dispatch: Dispatch) {
    dispatch.locating.set(LocationStatus::Pending);
    let end = move |locating| {
        dispatch.locating.try_set(locating);
    };
    let Ok(geolocation) = window().navigator().geolocation() else {
        return end(LocationStatus::Unknown);
    };
    let found = Closure::once_into_js(move |place: Position| {
        let place = place.coords();
        match Coordinates::new(place.latitude(), place.longitude()) {
            Ok(place) => {
                dispatch.position.try_set(Some(place.rounded()));
                end(LocationStatus::Found);
            }
            Err(_) => end(LocationStatus::Unknown),
        }
    });
    let failed = Closure::once_into_js(move |error: PositionError| {
        end(match error.code() {
            DENIED => LocationStatus::Denied,
            _ => LocationStatus::Unknown,
        });
    });
    let options = PositionOptions::new();
    options.set_timeout(LOCATE_MS);
    options.set_maximum_age(PLACE_AGE_MS);
    let asked = geolocation.get_current_position_with_error_callback_and_options(
        found.unchecked_ref(),
        Some(failed.unchecked_ref()),
        &options,
    );
    if asked.is_err() {
        end(LocationStatus::Unknown);
    }
    // A question that was overlooked or closed is answered by nothing.
    let is_open = move || dispatch.locating.try_get_untracked() == Some(LocationStatus::Pending);
    set_timeout(
        move || {
            if is_open() {
                end(LocationStatus::Idle)
            }
        },
        ANSWER,
    );
}
