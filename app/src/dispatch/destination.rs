//! The recommended region, and why.

use crate::dispatch::{ChosenRegion, Dispatch, LocationStatus};
use leptos::prelude::*;

/// The recommended region in large letters, the reason, and the visitor's location.
#[component]
pub(crate) fn Destination(
    /// What the page knows of the regions.
    dispatch: Dispatch,
    /// The recommended region.
    choice: Memo<Option<ChosenRegion>>,
    /// Whether the browser runs the page: only then can it ask for a location.
    is_running: ReadSignal<bool>,
    /// The visitor shares their location.
    on_locate: Callback<()>,
) -> impl IntoView {
    let city = move || {
        let city = choice.with(|choice| choice.as_ref().map(|choice| choice.manager.city.clone()));
        city.unwrap_or_else(|| "none available".into())
    };
    let reason = Memo::new(move |_| {
        let words = choice.with(|choice| choice.as_ref().map(|choice| choice.words.clone()));
        words.unwrap_or_else(|| "No region is available. Reload the page in a moment.".into())
    });
    let home = dispatch.here.with_value(|here| here.city.clone());
    let is_pending = move || dispatch.locating.get() == LocationStatus::Pending;
    let place = move || place(dispatch.locating.get(), &home);
    view! {
        <section class="destination" aria-labelledby="destination-title" data-testid="destination">
            <p class="destination__title" id="destination-title">
                "Your nearest region: "
                <strong
                    class="destination__city"
                    translate="no"
                    data-testid="destination-city"
                    data-region=move || choice.with(|choice| choice.as_ref().map(|choice| choice.manager.region.to_string()))
                >
                    {city}
                </strong>
            </p>
            <p class="destination__reason" data-testid="destination-reason" translate="no">{move || reason.get()}</p>
            <div class="destination__place">
                <p class="destination__where" translate="no" role="status" data-testid="place">{place}</p>
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    data-testid="locate"
                    hidden=move || !is_running.get()
                    // Neither disabled nor hidden afterwards: it would lose the focus.
                    aria-disabled=move || is_pending().then_some("true")
                    on:click=move |_| if !is_pending() { on_locate.run(()) }
                >
                    "Use my location"
                </button>
            </div>
        </section>
    }
}

/// Where distances are measured from.
fn place(locating: LocationStatus, home: &str) -> String {
    match locating {
        LocationStatus::Idle => format!("Distances are measured from {home}."),
        LocationStatus::Pending => "Getting your location…".into(),
        LocationStatus::Found => {
            "Distances are measured from your location. Servers see it to about a kilometre, and store it only with a party you start.".into()
        }
        LocationStatus::Denied => format!(
            "No problem: your location stays private. Distances are measured from {home}."
        ),
        LocationStatus::Unknown => format!(
            "Your browser can't determine your location. Distances are measured from {home}."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_respected() {
        assert!(place(LocationStatus::Denied, "Frankfurt").starts_with("No problem"));
        assert!(place(LocationStatus::Unknown, "Frankfurt").contains("from Frankfurt"));
        assert!(place(LocationStatus::Idle, "Frankfurt").contains("measured from Frankfurt"));
    }
}
