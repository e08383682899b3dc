//! Places for the codes beside the lights.
//!
//! Greedy: each label takes the first of eight places around its light that touches no light and no earlier label.
//! One that finds none is left out: the table beside the map lists all codes.

use super::projection::{HEIGHT, Point, WIDTH};

/// A letter's width over its height, about, in a monospaced font.
const LETTER_ASPECT: f64 = 0.62;
/// From a light's rim to its label, over the letters' height.
const GAP: f64 = 0.3;
/// Which part of a light no other label may hide: all but its rim.
const CORE: f64 = 0.8;

/// A light that wants a label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wish {
    /// Where the light is.
    pub light: Point,
    /// How large it is.
    pub radius: f64,
    /// How many letters the label has.
    pub letters: usize,
}

/// A box with the label's text in the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    middle: Point,
    half_width: f64,
    half_height: f64,
}

impl Area {
    fn touches(&self, other: &Self) -> bool {
        (self.middle.x - other.middle.x).abs() < self.half_width + other.half_width
            && (self.middle.y - other.middle.y).abs() < self.half_height + other.half_height
    }

    fn is_on_the_map(&self) -> bool {
        self.middle.x - self.half_width >= 0.0
            && self.middle.x + self.half_width <= WIDTH
            && self.middle.y - self.half_height >= 0.0
            && self.middle.y + self.half_height <= HEIGHT
    }
}

/// For each wish, first come first served, the middle of its label, if there is room.
pub(super) fn place_labels(wishes: &[Wish], letter_height: f64) -> Vec<Option<Point>> {
    let lights: Vec<_> = wishes.iter().map(core).collect();
    let mut taken: Vec<Area> = Vec::with_capacity(wishes.len());
    let mut places = Vec::with_capacity(wishes.len());
    for (at, wish) in wishes.iter().enumerate() {
        let free = |area: &Area| {
            area.is_on_the_map()
                && taken.iter().all(|other| !area.touches(other))
                && lights
                    .iter()
                    .enumerate()
                    .all(|(other, light)| other == at || !area.touches(light))
        };
        let area = around(wish, letter_height).into_iter().find(free);
        taken.extend(area);
        places.push(area.map(|area| area.middle));
    }
    places
}

/// What no other label may hide of a light.
fn core(wish: &Wish) -> Area {
    Area {
        middle: wish.light,
        half_width: wish.radius * CORE,
        half_height: wish.radius * CORE,
    }
}

/// The places around a light, the best to read first.
fn around(wish: &Wish, letter_height: f64) -> [Area; 8] {
    let half_width = wish.letters as f64 * letter_height * LETTER_ASPECT / 2.0;
    let half_height = letter_height * 0.5;
    let rim = wish.radius + letter_height * GAP;
    let (beside, above) = (half_width + rim, half_height + rim);
    // At the corners the rim is nearer to the centre in both directions.
    let (slant, lift) = (half_width + rim * 0.5, half_height + rim * 0.6);
    let ways = [
        (beside, 0.0),
        (-beside, 0.0),
        (0.0, -above),
        (0.0, above),
        (slant, -lift),
        (-slant, -lift),
        (slant, lift),
        (-slant, lift),
    ];
    ways.map(|(right, down)| Area {
        middle: Point {
            x: wish.light.x + right,
            y: wish.light.y + down,
        },
        half_width,
        half_height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wish(x: f64, y: f64) -> Wish {
        Wish {
            light: Point { x, y },
            radius: 5.0,
            letters: 3,
        }
    }

    #[test]
    fn a_lonely_label_stands_at_the_right() {
        let places = place_labels(&[wish(100.0, 100.0)], 16.0);

        assert!(
            places[0]
                .is_some_and(|place| place.x > 100.0 && (place.y - 100.0).abs() < f64::EPSILON)
        );
    }

    #[test]
    fn a_neighbour_gives_way() {
        let places = place_labels(&[wish(100.0, 100.0), wish(112.0, 100.0)], 16.0);

        assert!(places[0].is_some_and(|place| place.x < 100.0));
        assert!(places[1].is_some_and(|place| place.x > 112.0));
    }

    #[test]
    fn at_the_eastern_edge_labels_stand_at_the_left() {
        let places = place_labels(&[wish(WIDTH - 2.0, 100.0)], 16.0);

        assert!(places[0].is_some_and(|place| place.x < WIDTH - 2.0));
    }

    proptest! {
        #[test]
        fn labels_never_overlap(lights in prop::collection::vec((0.0..WIDTH, 0.0..HEIGHT), 0..40)) {
            let wishes: Vec<_> = lights.into_iter().map(|(x, y)| wish(x, y)).collect();
            let areas: Vec<_> = place_labels(&wishes, 16.0)
                .into_iter()
                .flatten()
                .map(|middle| Area { middle, half_width: 14.0, half_height: 7.9 })
                .collect();

            for (at, area) in areas.iter().enumerate() {
                prop_assert!(areas[at + 1..].iter().all(|other| !area.touches(other)));
            }
        }
    }
}
