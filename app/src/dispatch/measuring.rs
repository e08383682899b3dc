//! Measures round trips to all live regions, and moves the page to a clearly faster one.

use super::browser::{go, is_in_field, ping, remember_sent, was_sent};
use super::choice::{ChosenRegion, destination};
use super::signals::{Dispatch, TypedFields};
use futures::StreamExt;
use futures::stream;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use live::browser::{focused_id, is_visible};
use protocol::Manager;

/// How long a server may take to answer a ping, in milliseconds.
const PING_MS: u32 = 1_500;
/// Pings after the one that opens the connection.
const TRIES: usize = 5;
/// The time between two pings at the start, in milliseconds.
const PAUSE_MS: u32 = 120;
/// The time between two rounds after that, in milliseconds.
const ROUND_MS: u32 = 4_000;
/// How many regions are measured at once: more would slow each other down.
const AT_ONCE: usize = 4;

/// Measures for as long as the page is open.
pub(crate) fn measure(dispatch: Dispatch, choice: Memo<Option<ChosenRegion>>, typed: TypedFields) {
    leptos::task::spawn_local(async move {
        let stays = was_sent() || typed.is_busy.get_untracked();
        round(dispatch, TRIES).await;
        loop {
            if !stays && try_to_go(dispatch, choice, typed) {
                return;
            }
            TimeoutFuture::new(ROUND_MS).await;
            // Disposed of with its page.
            if dispatch.managers.is_disposed() {
                return;
            }
            if is_visible() {
                round(dispatch, 1).await;
            }
        }
    });
}

/// Measures every region. One that was never measured gets an extra ping first, which opens the connection.
async fn round(dispatch: Dispatch, tries: usize) {
    let Some(managers) = dispatch.managers.try_get_untracked() else {
        return;
    };
    stream::iter(managers)
        .for_each_concurrent(AT_ONCE, |manager| measure_one(dispatch, manager, tries))
        .await;
}

async fn measure_one(dispatch: Dispatch, manager: Manager, tries: usize) {
    let is_new = dispatch
        .measurements
        .try_with_untracked(|measurements| measurements.trip(&manager.region).trip_ms.is_none())
        .unwrap_or_default();
    if is_new && ping(&manager.url, PING_MS).await.is_none() {
        note(dispatch, &manager, None);
    }
    for _ in 0..if is_new { TRIES } else { tries } {
        let trip_ms = ping(&manager.url, PING_MS).await;
        note(dispatch, &manager, trip_ms);
        if trip_ms.is_none() {
            return;
        }
        TimeoutFuture::new(PAUSE_MS).await;
    }
}

fn note(dispatch: Dispatch, manager: &Manager, trip_ms: Option<u64>) {
    dispatch
        .measurements
        .try_update(|measurements| measurements.note(&manager.region, trip_ms));
}

/// Moves to a clearly faster region, once per tab, unless the visitor has started something here.
fn try_to_go(dispatch: Dispatch, choice: Memo<Option<ChosenRegion>>, typed: TypedFields) -> bool {
    if !is_visible() || is_in_field() || typed.is_busy.try_get_untracked() != Some(false) {
        return false;
    }
    let candidates = untrack(|| dispatch.candidates());
    let there = choice
        .try_with_untracked(|choice| destination(&candidates, choice.as_ref()))
        .flatten();
    match there {
        Some(url) if remember_sent() => {
            go(&untrack(|| typed.parties(&url, dispatch, &focused_id())));
            true
        }
        _ => false,
    }
}
