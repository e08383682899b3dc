//! When the next round starts.

use super::ExactTime;
use crate::draw::{NextRound, OpenDraw};
use leptos::prelude::*;
use live::format::{age, grouped};

/// The countdown, or the next round's progress.
#[component]
pub(crate) fn NextCard(
    /// The draw.
    draw: OpenDraw,
    /// What is known of the next round.
    next: Memo<NextRound>,
) -> impl IntoView {
    let percent = Memo::new(move |_| next.get().percent());
    let round = Memo::new(move |_| draw.mirror.with(|mirror| mirror.report().round));
    let words = Memo::new(move |_| words(next.get(), round.get()));
    let due_at = Memo::new(move |_| {
        draw.mirror
            .with(|mirror| mirror.report().next_at.clone().unwrap_or_default())
    });
    let has_due = move || {
        matches!(next.get(), NextRound::In { .. }) && due_at.with(|due_at| !due_at.is_empty())
    };
    let value = move || percent.get().unwrap_or(0).to_string();
    view! {
        <section class="card next-card" aria-labelledby="next-title" data-testid="next" data-state=move || next.get().name()>
            <h2 class="card__title" id="next-title">"Next round"</h2>
            <p class="next-card__count" role="timer" data-testid="countdown" translate="no">{move || count(next.get())}</p>
            <progress
                class="next-card__progress"
                max="100"
                value=value
                aria-label="Progress of the next round"
                hidden=move || percent.get().is_none()
                data-testid="progress"
            ></progress>
            <p class="next-card__words" data-testid="next-words" translate="no">{move || words.get()}</p>
            <p class="next-card__due" hidden=move || !has_due()>"Due at " <ExactTime clock=draw.clock at=due_at /></p>
            // Shown without JavaScript.
            <p class="next-card__static" data-testid="next-static">"As of page load"</p>
        </section>
    }
}

/// The large part.
fn count(next: NextRound) -> String {
    match next {
        NextRound::In { seconds } => age(seconds * 1_000),
        NextRound::Soon => "any moment".into(),
        NextRound::Making { percent, .. } => format!("{percent} %"),
        NextRound::Away { .. } | NextRound::Lost => "unknown".into(),
    }
}

/// What it means.
fn words(next: NextRound, round: u64) -> String {
    let following = grouped(round.saturating_add(1));
    match next {
        NextRound::In { .. } => format!("until round {following} gives everyone new points"),
        NextRound::Soon => format!("Round {following} is due."),
        NextRound::Making { round, .. } => format!(
            "Making round {}. It replaces this one all at once.",
            grouped(round)
        ),
        NextRound::Away { age_ms } => format!(
            "Delayed: the servers last heard of round {} {} ago.",
            grouped(round),
            age(age_ms)
        ),
        NextRound::Lost => format!(
            "No connection: round {} is the last this page knows.",
            grouped(round)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_says_what_is_known_of_the_next_round() {
        let at = |next| (count(next), words(next, 1_233));

        let (count, words) = at(NextRound::In { seconds: 65 });
        assert_eq!(count, "1 min 5 s");
        assert_eq!(words, "until round 1,234 gives everyone new points");
        assert_eq!(at(NextRound::Soon).0, "any moment");
        let making = NextRound::Making {
            round: 1_234,
            percent: 40,
        };
        assert_eq!(at(making).0, "40 %");
        assert!(at(making).1.contains("Making round 1,234"));
        let away = at(NextRound::Away { age_ms: 7_000 });
        assert_eq!(away.0, "unknown");
        assert!(away.1.contains("last heard of round 1,233"));
        assert!(away.1.ends_with("7 s ago."), "{}", away.1);
        let lost = at(NextRound::Lost);
        assert_eq!(lost.0, "unknown");
        assert!(lost.1.contains("last this page knows"), "{}", lost.1);
    }
}
