//! The serving instance, its latency, and how soon clicks are elsewhere.

use leptos::prelude::*;
use live::Live;
use live::bound::text;

/// The serving region and instance, the round trip of the visitor's clicks, and how soon other regions have them.
#[component]
pub(crate) fn ServedByLine(
    live: Live,
    /// The round trips; absent on pages without clicks.
    #[prop(optional)]
    trips: Option<Memo<String>>,
) -> impl IntoView {
    let [from, instance] = [live.served_from(), live.instance()];
    view! {
        <dl class="facts" translate="no">
            <div class="facts__fact">
                <dt>"Served from"</dt>
                <dd data-testid="served-region">{text(move || from.get())}</dd>
            </div>
            <div class="facts__fact">
                <dt>"Instance"</dt>
                <dd data-testid="served-instance">{text(move || instance.get())}</dd>
            </div>
            {trips.map(|trips| view! {
                <div class="facts__fact">
                    <dt>"Latency"</dt>
                    <dd data-testid="round-trip">{text(move || trips.get())}</dd>
                </div>
                <div class="facts__fact">
                    <dt>"Your click elsewhere"</dt>
                    <dd data-testid="elsewhere" id="elsewhere">"click to measure"</dd>
                </div>
            })}
        </dl>
    }
}
