//! The drawn players' round, and when somebody drew.

use crate::draw::{OpenDraw, Origin, ShownPlayers};
use crate::time::Clock;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use live::format::grouped;

/// The round and the times, below the players.
#[component]
pub(crate) fn DrawFacts(
    /// The draw.
    draw: OpenDraw,
    /// The drawn players.
    shown: Memo<ShownPlayers>,
) -> impl IntoView {
    let round = move || shown.with(|shown| grouped(shown.round));
    let asked_at = Memo::new(move |_| {
        draw.mirror
            .with(|mirror| mirror.asked_at().unwrap_or_default().to_owned())
    });
    let has_been_asked = Memo::new(move |_| asked_at.with(|at| !at.is_empty()));
    view! {
        <dl class="facts">
            <div class="facts__fact">
                <dt>"Round"</dt>
                <dd data-testid="round" translate="no">{round}</dd>
            </div>
            <Before draw shown />
            <div class="facts__fact facts__fact--time">
                <dt>"Latest draw anywhere"</dt>
                <dd data-testid="last-draw" translate="no">
                    {move || match has_been_asked.get() {
                        true => Either::Left(view! { <ExactTime clock=draw.clock at=asked_at /> }),
                        false => Either::Right("none yet"),
                    }}
                </dd>
            </div>
        </dl>
    }
}

/// What came before these players.
#[component]
fn Before(
    /// The draw.
    draw: OpenDraw,
    /// The drawn players.
    shown: Memo<ShownPlayers>,
) -> impl IntoView {
    let kind = Memo::new(move |_| shown.with(|shown| shown.origin.name()));
    let before = Memo::new(move |_| {
        shown.with(|shown| match &shown.origin {
            Origin::Requested { before } => before.as_deref().map(as_moment).unwrap_or_default(),
            Origin::Opening => String::new(),
        })
    });
    view! {
        <div class="facts__fact facts__fact--time" data-testid="before" data-kind=move || kind.get()>
            <dt translate="no">{move || if kind.get() == "opening" { "Picked" } else { "Previous draw" }}</dt>
            <dd translate="no">
                {move || match kind.get() {
                    "query" => EitherOf3::A(view! { <ExactTime clock=draw.clock at=before /> }),
                    "first" => EitherOf3::B("none: yours is the first"),
                    _ => EitherOf3::C("when the round started"),
                }}
            </dd>
        </div>
    }
}

/// A query's time, `2020-07-30 17:09:33` in UTC, in RFC 3339.
fn as_moment(timestamp: &str) -> String {
    format!("{}Z", timestamp.replacen(' ', "T", 1))
}

/// A time to the second: UTC on a server, the reader's own once a browser runs the page.
#[component]
pub(crate) fn ExactTime(
    /// The reader's time.
    clock: Clock,
    /// When (RFC 3339, UTC).
    at: Memo<String>,
) -> impl IntoView {
    let text = Memo::new(move |_| at.with(|at| text(clock, at)));
    view! { <time class="exact-time" datetime=move || at.get() translate="no">{move || text.get()}</time> }
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
    fn a_querys_time_is_read_as_all_times() {
        assert_eq!(as_moment("2020-07-30 17:09:33"), "2020-07-30T17:09:33Z");
        assert!(crate::time::read_ms(&as_moment("2020-07-30 17:09:33")).is_some());
    }

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
