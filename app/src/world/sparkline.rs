//! The last minutes.

use leptos::prelude::*;
use live::bound::text;
use live::format::{grouped, tenths};
use protocol::{HISTORY_SAMPLES, HISTORY_STEP_MS};
use std::fmt::Write;

/// Room for the clicks of every step: one between each two totals, and the running one.
const STEPS: usize = HISTORY_SAMPLES;
/// A step's width, in the drawing's units, with its gap.
const STEP_WIDTH: f64 = 5.0;
/// A bar's width.
const BAR_WIDTH: f64 = 3.6;
/// The drawing's height, and where its zero line is if there are no steps below zero.
const HEIGHT: f64 = 64.0;
/// The least height of a bar that is not zero, so that a single click is seen beside a thousand.
const BAR_MIN: f64 = 2.0;

/// Clicks per step as bars, up for more and down for less, the newest at the right.
#[component]
pub(crate) fn Sparkline(
    /// The clicks of each step, oldest first; the last step still runs.
    steps: Memo<Vec<i64>>,
) -> impl IntoView {
    let view_box = format!(
        "0 0 {} {}",
        tenths(STEPS as f64 * STEP_WIDTH),
        tenths(HEIGHT)
    );
    let bars = move |kind: i64| text(move || steps.with(|steps| draw(steps, kind)));
    view! {
        <section class="sparkline" aria-labelledby="sparkline-title">
            <h2 class="sparkline__title" id="sparkline-title">"Last five minutes"</h2>
            <p class="sparkline__words" data-testid="sparkline" translate="no">{text(move || steps.with(|steps| words(steps)))}</p>
            <svg class="sparkline__drawing" viewBox=view_box preserveAspectRatio="none" aria-hidden="true">
                <path class="sparkline__ground" d=bars(0) />
                <path class="sparkline__bars" d=bars(1) />
                <path class="sparkline__bars" data-kind="down" d=bars(-1) />
            </svg>
            <div class="sparkline__axis" aria-hidden="true">
                <span>"5 min ago"</span>
                <span>"now"</span>
            </div>
        </section>
    }
}

/// The path of the bars of one kind: 1 for those up, -1 for those down, 0 for the line where nothing changed.
fn draw(steps: &[i64], kind: i64) -> String {
    let steps = &steps[steps.len().saturating_sub(STEPS)..];
    let top = steps.iter().copied().max().unwrap_or(0).max(0);
    let bottom = steps.iter().copied().min().unwrap_or(0).min(0);
    let range = top.saturating_sub(bottom).max(1) as f64;
    let unit = HEIGHT / range;
    // Without a range all is quiet, and the line lies at the foot.
    let zero = if top == bottom {
        HEIGHT
    } else {
        top as f64 * unit
    };
    let mut path = String::new();
    // Before the first step nothing changed.
    let before = std::iter::repeat_n(&0, STEPS - steps.len());
    for (at, clicks) in before.chain(steps).enumerate() {
        if clicks.signum() != kind {
            continue;
        }
        let height = (clicks.unsigned_abs() as f64 * unit).max(BAR_MIN);
        let (top, height) = match kind {
            1 => ((zero - height).max(0.0), height),
            -1 => (zero.min(HEIGHT - height), height),
            _ => ((zero - 1.0).max(0.0), 1.0),
        };
        bar(&mut path, at as f64 * STEP_WIDTH, top, height);
    }
    path
}

fn bar(path: &mut String, left: f64, top: f64, height: f64) {
    let (left, top, height, width) = (tenths(left), tenths(top), tenths(height), tenths(BAR_WIDTH));
    // Writing to a string cannot fail.
    let _written = write!(path, "M{left} {top}h{width}v{height}h-{width}z");
}

fn words(steps: &[i64]) -> String {
    let sum: i64 = steps.iter().sum();
    let largest = steps.iter().copied().max_by_key(|step| step.unsigned_abs());
    if steps.iter().all(|clicks| *clicks == 0) {
        return "No clicks in the last five minutes.".into();
    }
    let step_seconds = HISTORY_STEP_MS / 1_000;
    format!(
        "Net change: {}. Largest in {step_seconds} seconds: {}.",
        signed(sum),
        signed(largest.unwrap_or(0))
    )
}

/// A change: ups less downs.
fn signed(change: i64) -> String {
    let sign = if change > 0 { "+" } else { "" };
    format!("{sign}{}", grouped(change))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_step_stands_at_the_right() {
        let [ground, up, down] = [0, 1, -1].map(|kind| draw(&[0, 4], kind));

        assert_eq!(up, "M295.0 0.0h3.6v64.0h-3.6z");
        assert_eq!(down, "");
        assert!(ground.ends_with("M290.0 63.0h3.6v1.0h-3.6z"));
    }

    #[test]
    fn steps_below_zero_hang_from_the_line() {
        let [up, down] = [1, -1].map(|kind| draw(&[3, -1], kind));

        assert_eq!(up, "M290.0 0.0h3.6v48.0h-3.6z");
        assert_eq!(down, "M295.0 48.0h3.6v16.0h-3.6z");
    }

    #[test]
    fn a_young_or_quiet_world_draws_a_line() {
        for steps in [vec![], vec![0; 10], vec![0; 200]] {
            assert_eq!(draw(&steps, 0).matches('M').count(), STEPS);
            assert_eq!(words(&steps), "No clicks in the last five minutes.");
        }
    }

    #[test]
    fn the_words_sum_up() {
        assert_eq!(
            words(&[0, 0, 1_234]),
            "Net change: +1,234. Largest in 5 seconds: +1,234."
        );
        assert_eq!(
            words(&[3, -11, 10]),
            "Net change: +2. Largest in 5 seconds: −11."
        );
        assert_eq!(words(&[2, -2]), "Net change: 0. Largest in 5 seconds: −2.");
    }
}
