//! The page.

use crate::mood::{MOODS, Mood, MoodChange};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use murmuration_leptos::bound::text;
use murmuration_leptos::format::{counted, grouped};
use murmuration_leptos::protocol::{DocumentState, Step};
use murmuration_leptos::{
    ChangeButton, ChangeForm, ConnectionPill, DocumentView, Head, Live, Notices, OpenDocument,
    ProblemNote, RegionRow, each_region, provide_live, use_document,
};

/// What the page says of itself.
pub fn head(_: &DocumentState<Mood>) -> Head {
    Head {
        title: "{{project-name}}".into(),
        description: "One page for people of all regions.".into(),
        path: "/".into(),
        ..Head::default()
    }
}

/// `/`: rendered by any server, live in the browser, and usable without JavaScript.
#[component]
pub fn HomePage(state: DocumentState<Mood>) -> impl IntoView {
    let live = provide_live(state.page);
    let mood = use_document::<Mood>(live, state.key, state.seen);
    view! {
        <header>
            <strong>"{{project-name}}"</strong>
            <ConnectionPill live has_clicks=true />
        </header>
        <main>
            {state.problem.map(|problem| view! { <ProblemNote problem /> })}
            <Counter live />
            <People live />
            <DocumentView document=mood noun="mood" is_known=state.is_known>
                <Moods mood />
            </DocumentView>
        </main>
        <Notices live />
    }
}

/// A number that everybody changes.
#[component]
fn Counter(live: Live) -> impl IntoView {
    let total = live.total();
    let click = move |event: MouseEvent| {
        // Before hydration and without JavaScript, the form is sent.
        if live.click(Step::Up) {
            event.prevent_default();
        }
    };
    view! {
        <section aria-labelledby="counter">
            <h1 id="counter">"Clicks of the whole world"</h1>
            <form method="post" action="/clicks">
                <p class="total" translate="no" data-testid="total">{text(move || grouped(total.get()))}</p>
                <button class="button" name="by" value="1" on:click=click>"Add one"</button>
            </form>
        </section>
    }
}

/// Who is here, by region.
#[component]
fn People(live: Live) -> impl IntoView {
    let people = live.people();
    let region = |row: Memo<RegionRow>| {
        let words = move || {
            row.with(|row| format!("{}: {}", row.city, counted(row.people, "person", "people")))
        };
        view! { <li translate="no" data-testid="region">{text(words)}</li> }
    };
    view! {
        <section aria-labelledby="people">
            <h2 id="people" translate="no" data-testid="people">{text(move || counted(people.get(), "person", "people") + " here")}</h2>
            <ul>{each_region(live.rows(), region)}</ul>
        </section>
    }
}

/// What people choose from, and how many chose each.
#[component]
fn Moods(mood: OpenDocument<Mood>) -> impl IntoView {
    let choice = move |(at, name): (usize, &'static str)| {
        let chosen = Memo::new(move |_| mood.read(|seen| seen.own.mood == Some(at as u8)));
        let count =
            move || mood.read(|seen| seen.value.counts.get(at).copied().unwrap_or_default());
        view! {
            <li class="choice">
                <ChangeButton document=mood change=MoodChange::Choose(at as u8) kind="choice" testid="mood" is_chosen=chosen>
                    {name}
                </ChangeButton>
                <span translate="no" data-testid="count">{text(move || grouped(count()))}</span>
            </li>
        }
    };
    view! {
        <section aria-labelledby="mood">
            <h2 id="mood">"How do you feel?"</h2>
            <ChangeForm document=mood>
                <ul>{MOODS.into_iter().enumerate().map(choice).collect_view()}</ul>
            </ChangeForm>
        </section>
    }
}
