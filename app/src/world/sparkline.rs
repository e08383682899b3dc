//! The last minutes.

use crate::format::{grouped, tenths};
use leptos::prelude::*;
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
    let bars = Memo::new(move |_| steps.with(|steps| draw(steps)));
    view! {
        <section class="sparkline" aria-labelledby="sparkline-title">
            <h2 class="sparkline__title" id="sparkline-title">"Last five minutes"</h2>
            <p class="sparkline__words" data-testid="sparkline" translate="no">{move || steps.with(|steps| words(steps))}</p>
            <svg class="sparkline__drawing" viewBox=view_box preserveAspectRatio="none" aria-hidden="true">
                <path class="sparkline__ground" d=move || bars.with(|bars| bars.ground.clone()) />
                <path class="sparkline__bars" d=move || bars.with(|bars| bars.up.clone()) />
                <path class="sparkline__bars" data-kind="down" d=move || bars.with(|bars| bars.down.clone()) />
            </svg>
            <div class="sparkline__axis" aria-hidden="true">
                <span>"5 min ago"</span>
                <span>"now"</span>
            </div>
        </section>
    }
}

/// The paths of a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bars {
    ground: String,
    up: String,
    down: String,
}

fn draw(steps: &[i64]) -> Bars {
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
    let mut bars = Bars {
        ground: String::new(),
        up: String::new(),
        down: String::new(),
    };
    for (at, clicks) in (STEPS - steps.len()..STEPS).zip(steps) {
        let (left, height) = (
            at as f64 * STEP_WIDTH,
            (clicks.unsigned_abs() as f64 * unit).max(BAR_MIN),
        );
        match clicks.signum() {
            1 => bar(&mut bars.up, left, (zero - height).max(0.0), height),
            -1 => bar(&mut bars.down, left, zero.min(HEIGHT - height), height),
            _ => bar(&mut bars.ground, left, (zero - 1.0).max(0.0), 1.0),
        }
    }
    for at in 0..STEPS - steps.len() {
        bar(
            &mut bars.ground,
            at as f64 * STEP_WIDTH,
            (zero - 1.0).max(0.0),
            1.0,
        );
    }
    bars
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
        let bars = draw(&[0, 4]);

        assert_eq!(bars.up, "M295.0 0.0h3.6v64.0h-3.6z");
        assert_eq!(bars.down, "");
        assert!(bars.ground.starts_with("M290.0 63.0"));
    }

    #[test]
    fn steps_below_zero_hang_from_the_line() {
        let bars = draw(&[3, -1]);

        assert_eq!(bars.up, "M290.0 0.0h3.6v48.0h-3.6z");
        assert_eq!(bars.down, "M295.0 48.0h3.6v16.0h-3.6z");
    }

    #[test]
    fn a_young_or_quiet_world_draws_a_line() {
        for steps in [vec![], vec![0; 10], vec![0; 200]] {
            let bars = draw(&steps);

            assert_eq!(bars.ground.matches('M').count(), STEPS);
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
