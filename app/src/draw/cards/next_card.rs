//! When the next round comes.

use super::SaidTime;
use crate::draw::{Desk, Next};
use crate::format::{age, grouped};
use leptos::prelude::*;

/// The countdown, or how far the next round is.
#[component]
pub(crate) fn NextCard(
    /// The draw.
    desk: Desk,
    /// What is known of the next round.
    next: Memo<Next>,
) -> impl IntoView {
    let percent = Memo::new(move |_| next.get().percent());
    let round = Memo::new(move |_| desk.board.with(|board| board.report().round));
    let words = Memo::new(move |_| words(next.get(), round.get()));
    let due_at = Memo::new(move |_| {
        desk.board
            .with(|board| board.report().next_at.clone().unwrap_or_default())
    });
    let has_due =
        move || matches!(next.get(), Next::In { .. }) && due_at.with(|due_at| !due_at.is_empty());
    let value = move || percent.get().unwrap_or(0).to_string();
    view! {
        <section class="card next-card" aria-labelledby="next-title" data-testid="next" data-state=move || next.get().name()>
            <h2 class="card__title" id="next-title">"Next round"</h2>
            <p class="next-card__count" role="timer" data-testid="countdown">{move || count(next.get())}</p>
            <progress
                class="next-card__progress"
                max="100"
                value=value
                aria-label="How much of the next round is made"
                hidden=move || percent.get().is_none()
                data-testid="progress"
            ></progress>
            <p class="next-card__words" data-testid="next-words">{move || words.get()}</p>
            <p class="next-card__due" hidden=move || !has_due()>"Due at " <SaidTime clock=desk.clock at=due_at /></p>
            // For those without JavaScript: all of it stands still.
            <p class="next-card__still" data-testid="next-still">"As it stood when this page was loaded."</p>
        </section>
    }
}

/// The large part.
fn count(next: Next) -> String {
    match next {
        Next::In { seconds } => age(seconds * 1_000),
        Next::Soon => "any moment".into(),
        Next::Making { percent, .. } => format!("{percent} %"),
        Next::Away { .. } | Next::Lost => "not known".into(),
    }
}

/// What it means.
fn words(next: Next, round: u64) -> String {
    let following = grouped(round.saturating_add(1));
    match next {
        Next::In { .. } => format!("Until round {following} deals everyone new points."),
        Next::Soon => format!("Round {following} is due."),
        Next::Making { round, .. } => format!(
            "Round {} is being made. It takes the place of this one all at once.",
            grouped(round)
        ),
        Next::Away { age_ms } => format!(
            "Round {} is the last that is known here: the servers have been out of touch for {}.",
            grouped(round),
            age(age_ms)
        ),
        Next::Lost => format!(
            "Round {} is the last that is known here: this page has lost touch with its server.",
            grouped(round)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_round_is_told_as_far_as_it_is_known() {
        let at = |next| (count(next), words(next, 1_233));

        let (count, words) = at(Next::In { seconds: 65 });
        assert_eq!(count, "1 min 5 s");
        assert_eq!(words, "Until round 1,234 deals everyone new points.");
        assert_eq!(at(Next::Soon).0, "any moment");
        let making = Next::Making {
            round: 1_234,
            percent: 40,
        };
        assert_eq!(at(making).0, "40 %");
        assert!(at(making).1.contains("Round 1,234 is being made"));
        let away = at(Next::Away { age_ms: 7_000 });
        assert_eq!(away.0, "not known");
        assert!(away.1.contains("last that is known here"));
        assert!(away.1.ends_with("out of touch for 7 s."), "{}", away.1);
        let lost = at(Next::Lost);
        assert_eq!(lost.0, "not known");
        assert!(lost.1.contains("this page has lost touch"), "{}", lost.1);
    }
}
