//! A time to the second.

use crate::time::Clock;
use leptos::prelude::*;

/// A time to the second: UTC on a server, the reader's own once a browser runs the page.
#[component]
pub(crate) fn ExactTime(
    /// The reader's time.
    clock: Clock,
    /// When (RFC 3339, UTC).
    at: Memo<String>,
) -> impl IntoView {
    let text = Memo::new(move |_| at.with(|at| text(clock, at)));
    view! { <time class="exact-time" datetime=move || at.get()>{move || text.get()}</time> }
}

/// The time, with the day where that is not today, and with its zone where that is not the reader's.
fn text(clock: Clock, at: &str) -> String {
    let Some(moment) = clock.at(at) else {
        return String::new();
    };
    let time = moment.exact_time();
    match clock.today() {
        Some(today) if today == moment.day => time,
        Some(today) => format!("{}, {time}", moment.in_short(today)),
        // A server does not know the reader's day: two days later, a day is shown by its date.
        None => format!("{}, {time} UTC", moment.in_short(moment.day + 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_page_runs_a_time_has_its_date_in_utc() {
        let owner = Owner::new();
        owner.set();

        assert_eq!(
            text(Clock::new(), "2026-11-21T12:00:07.123Z"),
            "21 Nov, 12:00:07 UTC"
        );
        assert_eq!(text(Clock::new(), "soon"), "");
    }
}
