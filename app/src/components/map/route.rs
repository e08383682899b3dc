//! The way from a visitor to their region, over the map.

use super::projection::{Point, WIDTH, place};
use leptos::prelude::*;
use live::format::tenths;
use protocol::Coordinates;
use std::fmt::Write;

/// Into how many pieces a way is cut: each is straight on the map.
const PIECES: u32 = 48;
/// The radius of the mark where the visitor is, in the map's units.
const MARK: f64 = 5.0;

/// The shortest way over the globe, and a mark where the visitor is.
#[component]
pub(crate) fn Route(
    /// From the visitor to their region; nothing where it is not known where the visitor is.
    way: Memo<Option<[Coordinates; 2]>>,
) -> impl IntoView {
    let at = move |read: fn(Point) -> f64| {
        move || {
            way.get()
                .map(|[from, _]| tenths(read(place(from.lat(), from.lng()))))
        }
    };
    view! {
        <g class="route" data-testid="route" visibility=move || way.get().is_none().then_some("hidden")>
            <path class="route__line" d=move || way.get().map(line) />
            <circle class="route__mark" cx=at(|point| point.x) cy=at(|point| point.y) r=tenths(MARK) />
        </g>
    }
}

/// The great circle as an SVG path, broken where it leaves the map at one side and comes back at the other.
fn line([from, to]: [Coordinates; 2]) -> String {
    let (one, other) = (vector(from), vector(to));
    let dot: f64 = one.iter().zip(other).map(|(a, b)| a * b).sum();
    let angle = dot.clamp(-1.0, 1.0).acos();
    let mut path = String::new();
    let mut before: Option<Point> = None;
    for piece in 0..=PIECES {
        let part = f64::from(piece) / f64::from(PIECES);
        let point = between(one, other, angle, part);
        let command = match before {
            Some(before) if (before.x - point.x).abs() < WIDTH / 2.0 => 'L',
            _ => 'M',
        };
        // Writing to a string cannot fail.
        let _written = write!(path, "{command}{} {}", tenths(point.x), tenths(point.y));
        before = Some(point);
    }
    path
}

/// A place as a point on a sphere of radius 1.
fn vector(place: Coordinates) -> [f64; 3] {
    let (lat, lng) = (place.lat().to_radians(), place.lng().to_radians());
    [lat.cos() * lng.cos(), lat.cos() * lng.sin(), lat.sin()]
}

/// A point between two on the sphere ("slerp", K. Shoemake, 1985), on the map.
fn between(one: [f64; 3], other: [f64; 3], angle: f64, part: f64) -> Point {
    let sine = angle.sin();
    // Of the same place, and of antipodes, every way is as short.
    let (of_one, of_other) = if sine.abs() < 1e-9 {
        (1.0 - part, part)
    } else {
        (
            ((1.0 - part) * angle).sin() / sine,
            (part * angle).sin() / sine,
        )
    };
    let [x, y, z] = [0, 1, 2].map(|at| one[at] * of_one + other[at] * of_other);
    place(z.atan2(x.hypot(y)).to_degrees(), y.atan2(x).to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lng: f64) -> Coordinates {
        Coordinates::new(lat, lng).unwrap()
    }

    fn points(path: &str) -> Vec<(f64, f64)> {
        path.split(['M', 'L'])
            .skip(1)
            .map(|point| point.split_once(' ').unwrap())
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_way_begins_and_ends_at_its_ends() {
        let (berlin, chicago) = (at(52.52, 13.4), at(41.98, -87.9));

        let path = line([berlin, chicago]);

        let points = points(&path);
        for (found, expected) in [(points[0], berlin), (points[PIECES as usize], chicago)] {
            let expected = place(expected.lat(), expected.lng());
            assert!((found.0 - expected.x).abs() < 0.1 && (found.1 - expected.y).abs() < 0.1);
        }
        // The shortest way goes over the north.
        assert!(points.iter().any(|point| point.1 < points[0].1 - 20.0));
        assert_eq!(path.matches('M').count(), 1);
    }

    #[test]
    fn across_the_date_line_it_is_broken_once() {
        let path = line([at(35.5, 139.8), at(37.4, -121.9)]);

        assert_eq!(path.matches('M').count(), 2);
    }

    #[test]
    fn from_a_place_to_itself_it_is_a_point() {
        let path = line([at(-90.0, 0.0), at(-90.0, 0.0)]);

        assert!(!path.contains("NaN"), "{path}");
    }
}
