//! A region as a light on the map.

use super::projection::{Point, place};
use leptos::prelude::*;
use live::RegionRow;
use live::bound::{Mark, flag, mark, text};
use live::format::tenths;

/// The radius of a region without people, in the map's units.
const RADIUS_MIN: f64 = 4.0;
/// The radius beyond which lights would hide the land.
const RADIUS_MAX: f64 = 15.0;
/// How much the radius grows with the square root of the people, so that the area grows with their number.
const GROWTH: f64 = 1.1;

/// The bright middle, over the light's radius: the rest is glow.
pub const CORE: f64 = 0.72;
/// How far a light's glow reaches, over its radius.
pub const GLOW: f64 = 3.4;
/// The ring around this visitor's light, over the light's radius.
pub(super) const RING: f64 = 1.35;

/// The light's radius in the map's units.
pub fn radius(people: u32) -> f64 {
    (RADIUS_MIN + GROWTH * f64::from(people).sqrt()).min(RADIUS_MAX)
}

/// How light fades around its source; lights refer to it by its id.
#[component]
pub(crate) fn Glow(id: &'static str) -> impl IntoView {
    view! {
        <defs>
            <radialGradient id=id>
                <stop class="light__glow" offset="0.1" stop-opacity="0.75" />
                <stop class="light__glow" offset="0.5" stop-opacity="0.2" />
                <stop class="light__glow" offset="1" stop-opacity="0" />
            </radialGradient>
        </defs>
    }
}

/// A light sized by the region's people, pulsing when its clicks change.
pub(super) fn light(row: Memo<RegionRow>) -> impl IntoView {
    let RegionRow { code, lat, lng, .. } = row.get_untracked();
    let Point { x, y } = place(lat, lng);
    let (x, y) = (tenths(x), tenths(y));
    let times =
        move |factor: f64| text(move || tenths(row.with(|row| radius(row.people)) * factor));
    view! {
        <g
            class="light"
            data-region=code.to_string()
            data-here=flag(move || row.with(|row| row.is_here))
            data-awake=flag(move || row.with(|row| row.instances > 0))
            data-beat=beat(row)
        >
            <circle class="light__halo" fill="url(#glow)" cx=x.clone() cy=y.clone() r=times(GLOW) />
            <circle class="light__pulse" cx=x.clone() cy=y.clone() r=times(CORE) />
            <circle class="light__ring" cx=x.clone() cy=y.clone() r=times(RING) />
            <circle class="light__core" cx=x cy=y r=times(CORE) />
        </g>
    }
}

/// Changes whenever the region's clicks do; nothing at first.
///
/// A style starts an animation anew only if its name changes: the two values have equal animations of
/// different names.
fn beat(row: Memo<RegionRow>) -> Mark {
    let (mut known, mut beat) = (None, None);
    mark(move || {
        let clicks = row.with(|row| row.clicks);
        if known.replace(clicks).is_some_and(|known| known != clicks) {
            beat = if beat == Some("odd") {
                Some("even")
            } else {
                Some("odd")
            };
        }
        beat
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lights_grow_with_their_people_within_bounds() {
        let sizes = [0, 1, 4, 50, 1_000_000].map(radius);

        assert!(sizes.is_sorted());
        assert!((sizes[0] - RADIUS_MIN).abs() < f64::EPSILON);
        assert!((sizes[4] - RADIUS_MAX).abs() < f64::EPSILON);
    }
}
