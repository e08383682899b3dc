//! Where a visitor is sent, and why.

use crate::dispatch::{Choice, Dispatch, Locating};
use leptos::prelude::*;

/// The region that the visitor is sent to, in large letters, with the reason, and where they are.
#[component]
pub(crate) fn Destination(
    /// What the page knows of the regions.
    dispatch: Dispatch,
    /// The region that the visitor is sent to.
    choice: Memo<Option<Choice>>,
    /// Whether the browser runs the page: without it nobody can be asked where they are.
    is_running: ReadSignal<bool>,
    /// The visitor tells where they are.
    on_locate: Callback<()>,
) -> impl IntoView {
    let city = move || {
        let city = choice.with(|choice| choice.as_ref().map(|choice| choice.manager.city.clone()));
        city.unwrap_or_else(|| "nowhere yet".into())
    };
    let reason = Memo::new(move |_| {
        let words = choice.with(|choice| choice.as_ref().map(Choice::words));
        words.unwrap_or_else(|| "No region answers. Reload the page in a moment.".into())
    });
    let home = dispatch.here.with_value(|here| here.city.clone());
    let place = move || place(dispatch.locating.get(), &home);
    view! {
        <section class="destination" aria-labelledby="destination-title" data-testid="destination">
            <p class="destination__title" id="destination-title">
                "You are sent to "
                <strong
                    class="destination__city"
                    data-testid="destination-city"
                    data-region=move || choice.with(|choice| choice.as_ref().map(|choice| choice.manager.region.to_string()))
                >
                    {city}
                </strong>
            </p>
            <p class="destination__reason" data-testid="destination-reason">{move || reason.get()}</p>
            <div class="destination__place">
                <p class="destination__where" role="status" data-testid="place">{place}</p>
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    data-testid="locate"
                    hidden=move || !is_running.get() || dispatch.locating.get() == Locating::Found
                    disabled=move || dispatch.locating.get() == Locating::Asked
                    on:click=move |_| on_locate.run(())
                >
                    "Use my location"
                </button>
            </div>
        </section>
    }
}

/// Where the visitor is taken to be.
fn place(locating: Locating, home: &str) -> String {
    match locating {
        Locating::Idle => format!(
            "You have not said where you are: distances are from {home}, which serves this page."
        ),
        Locating::Asked => "Your browser is asking you, or looking …".into(),
        Locating::Found => {
            "Distances are from where you are. Servers learn it to about a kilometre, and keep it only with a party that you create.".into()
        }
        Locating::Denied => format!(
            "That is fine: your place stays with you, and distances are from {home}."
        ),
        Locating::Unknown => format!(
            "Your browser cannot tell where it is, so distances are from {home}. Everything else works as ever."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_is_taken_kindly() {
        assert!(place(Locating::Denied, "Frankfurt").starts_with("That is fine"));
        assert!(place(Locating::Unknown, "Frankfurt").contains("from Frankfurt"));
        assert!(place(Locating::Idle, "Frankfurt").contains("Frankfurt, which serves this page"));
    }
}
