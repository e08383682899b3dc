//! The drawn players' round, and when somebody drew.

use super::ExactTime;
use crate::draw::{OpenDraw, Origin, ShownPlayers, as_moment};
use crate::format::grouped;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

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
                <dd data-testid="round">{round}</dd>
            </div>
            <Before draw shown />
            <div class="facts__fact">
                <dt>"Latest draw anywhere"</dt>
                <dd data-testid="last-draw">
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
    let kind = Memo::new(move |_| shown.with(|shown| Kind::of(&shown.origin)));
    let before = Memo::new(move |_| {
        shown.with(|shown| match &shown.origin {
            Origin::Requested { before } => before.as_deref().map(as_moment).unwrap_or_default(),
            Origin::Opening => String::new(),
        })
    });
    view! {
        <div class="facts__fact" data-testid="before" data-kind=move || kind.get().name()>
            <dt>{move || if kind.get() == Kind::Opening { "Picked" } else { "Previous draw" }}</dt>
            <dd>
                {move || match kind.get() {
                    Kind::Query => EitherOf3::A(view! { <ExactTime clock=draw.clock at=before /> }),
                    Kind::First => EitherOf3::B("none: yours is the first"),
                    Kind::Opening => EitherOf3::C("when the round started"),
                }}
            </dd>
        </div>
    }
}

/// What came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A query.
    Query,
    /// Nothing: this is the first query.
    First,
    /// Nobody drew: the round started with these players.
    Opening,
}

impl Kind {
    fn of(origin: &Origin) -> Self {
        match origin {
            Origin::Requested { before: Some(_) } => Self::Query,
            Origin::Requested { before: None } => Self::First,
            Origin::Opening => Self::Opening,
        }
    }

    /// Its name, for styles and tests.
    fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::First => "first",
            Self::Opening => "opening",
        }
    }
}
