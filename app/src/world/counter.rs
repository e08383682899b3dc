//! The shared number and the two buttons that change it.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use live::bound::{mark, text};
use live::format::{counted, grouped};
use protocol::Step;

/// The number of all regions, large, between its buttons.
///
/// The buttons submit a form without JavaScript and before hydration. The number is not announced, since it may change
/// many times a second; the notices announce a visitor's own results.
#[component]
pub(crate) fn Counter(
    /// The clicks of all regions.
    total: Memo<i64>,
    /// The people of all regions, added up.
    people: Memo<i64>,
    /// How many regions there are.
    places: Memo<i64>,
    /// The visitor clicks; false sends the form instead.
    on_step: Callback<Step, bool>,
) -> impl IntoView {
    let take = move |step: Step| {
        move |click: MouseEvent| {
            if on_step.run(step) {
                click.prevent_default();
            }
        }
    };
    view! {
        <section class="counter" aria-labelledby="counter-title">
            <h1 class="counter__title" id="counter-title">"One number, shared by the whole world"</h1>
            <form class="counter__form" method="post" action="/clicks">
                <button
                    class="counter__button"
                    name="by"
                    value="-1"
                    aria-label="Subtract one"
                    on:click=take(Step::Down)
                >
                    <StepIcon step=Step::Down />
                </button>
                <p class="counter__total" data-testid="total" data-length=mark(move || Some(length(total.get()))) translate="no">
                    {text(move || grouped(total.get()))}
                </p>
                <button
                    class="counter__button"
                    data-kind="up"
                    name="by"
                    value="1"
                    aria-label="Add one"
                    on:click=take(Step::Up)
                >
                    <StepIcon step=Step::Up />
                </button>
            </form>
            <p class="counter__words" translate="no">{text(move || words(total.get(), people.get(), places.get()))}</p>
        </section>
    }
}

/// A minus or a plus.
#[component]
fn StepIcon(
    /// Which.
    step: Step,
) -> impl IntoView {
    let path = match step {
        Step::Up => "M12 4v16M4 12h16",
        Step::Down => "M4 12h16",
    };
    view! {
        <svg class="counter__icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path />
        </svg>
    }
}

/// How long a number is, for the style.
pub(super) fn length(total: i64) -> &'static str {
    match grouped(total).chars().count() {
        0..=5 => "short",
        6..=9 => "middle",
        10..=14 => "long",
        _ => "longest",
    }
}

/// The clicks and the people. Somebody with pages open in two regions is counted in each.
fn words(total: i64, people: i64, places: i64) -> String {
    if total == 0 && people == 0 {
        return "No clicks yet. Be the first.".into();
    }
    let unit = if total.unsigned_abs() == 1 {
        "click"
    } else {
        "clicks"
    };
    let people = counted(people, "person", "people");
    let places = counted(places, "region", "regions");
    format!("{unit} so far · {people} online · {places}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_follow_the_numbers() {
        assert_eq!(words(1, 1, 1), "click so far · 1 person online · 1 region");
        assert_eq!(
            words(-3, 2_000, 2),
            "clicks so far · 2,000 people online · 2 regions"
        );
        assert!(words(0, 0, 3).starts_with("No clicks yet"));
        assert!(words(i64::MIN, 0, 1).starts_with("clicks so far"));
    }

    #[test]
    fn longer_numbers_ask_for_more_room() {
        assert_eq!(length(12_34), "short");
        assert_eq!(length(-123_456), "middle");
        assert_eq!(length(-1_234_567_890), "long");
        assert_eq!(length(i64::MIN), "longest");
    }
}
