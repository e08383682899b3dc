//! What flies over the map, in a file of code of its own that a page loads once it is live.

use crate::components::{Flights, figures};
use gloo_timers::future::sleep;
use leptos::prelude::*;
use live::browser::page_ms;
use live::{Connection, Live};
use std::time::Duration;
use web_sys::Element;

/// How long a page is left alone once it is live.
const CALM: Duration = Duration::from_millis(400);

/// Loads it once the page is live.
pub(super) fn load(live: Live) {
    let connection = live.connection();
    let owner = Owner::current();
    Effect::new(move |is_loaded: Option<bool>| {
        let is_loaded = is_loaded.unwrap_or_default();
        let is_live = connection.get() == Connection::Live;
        if is_live
            && !is_loaded
            && let Some(owner) = owner.clone()
        {
            leptos::task::spawn_local(async move {
                sleep(CALM).await;
                fly(live, owner).await;
            });
        }
        is_loaded || is_live
    });
}

/// Draws flights and figures into the map, until the page goes.
#[cfg_attr(feature = "split", leptos::lazy)]
async fn fly(live: Live, owner: Owner) {
    let document = document();
    let Some(sky) = document.get_element_by_id("flights") else {
        return;
    };
    let added: Vec<Element> = (0..5)
        .filter_map(|_| {
            let group = document
                .create_element_ns(sky.namespace_uri().as_deref(), "g")
                .ok()?;
            sky.append_child(&group).ok()?;
            Some(group)
        })
        .collect();
    let Some((over, slots)) = added
        .split_last()
        .map(|(over, slots)| (over.clone(), slots.to_vec()))
    else {
        return;
    };
    owner.with(|| {
        let rows = live.rows();
        let mut flights = Flights::default();
        Effect::new(move |_| {
            for (at, svg) in rows.with(|rows| flights.begin(rows, page_ms())) {
                if let Some(slot) = slots.get(at) {
                    slot.set_inner_html(&svg);
                }
            }
        });
        let figures = Memo::new(move |_| rows.with(|rows| figures(rows)));
        Effect::new(move |_| over.set_inner_html(&figures.get()));
    });
}
