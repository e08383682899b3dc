//! The flock: a bird for each visitor, in their region's colour.
//!
//! Where a bird is follows from the time alone: it trails the middle of the flock, which sweeps from one side of the page to
//! the other, at a distance and a delay of its own. A click turns the birds of its region around that middle.

use live::RegionRow;
use protocol::RegionCode;
use std::f64::consts::TAU;

/// The most birds; of more visitors, each region has its share.
const BIRDS_MAX: u32 = 300;
/// How far a click turns the birds of its region, in radians.
const TURN: f64 = 1.1;
/// How much of what is left of a turn birds fly in a second.
const TURN_RATE: f64 = 2.4;
/// The birds of a region.
pub(super) struct Wing {
    code: RegionCode,
    clicks: i64,
    /// How many they are.
    pub(super) birds: u32,
    /// Whether the first is this visitor.
    pub(super) has_own: bool,
    /// Their colour, as an angle in degrees.
    pub(super) hue: u32,
    /// How far they have turned, in radians.
    turned: f64,
    /// How far they will have.
    turns: f64,
}

/// All birds.
#[derive(Default)]
pub(super) struct Flock {
    pub(super) wings: Vec<Wing>,
    /// For how long it has flown, in seconds.
    flown: f64,
}

/// Where a bird is, over the width and the height of the sky, and where it is a moment later.
pub(super) type Way = [(f64, f64); 2];

impl Flock {
    /// Takes in who is there and who has clicked.
    pub(super) fn follow(&mut self, rows: &[RegionRow]) {
        let people: u32 = rows.iter().map(|row| row.people).sum();
        let mut before = std::mem::take(&mut self.wings);
        for row in rows {
            let known = before.iter().position(|wing| wing.code == row.code);
            let known = known.map(|at| before.swap_remove(at));
            let turns = known.as_ref().map_or(0.0, |wing| {
                let clicked = wing.clicks != row.clicks;
                wing.turns + if clicked { TURN } else { 0.0 }
            });
            self.wings.push(Wing {
                code: row.code.clone(),
                clicks: row.clicks,
                birds: share(row.people, people),
                has_own: row.is_here && row.people > 0,
                hue: hue(&row.code),
                turned: known.map_or(0.0, |wing| wing.turned),
                turns,
            });
        }
    }

    /// Lets time pass, in seconds.
    pub(super) fn fly(&mut self, seconds: f64) {
        self.flown += seconds;
        for wing in &mut self.wings {
            wing.turned += (wing.turns - wing.turned) * (TURN_RATE * seconds).min(1.0);
        }
    }

    /// How many birds there are.
    pub(super) fn birds(&self) -> u32 {
        self.wings.iter().map(|wing| wing.birds).sum()
    }

    /// The ways of a region's birds, this visitor's first.
    pub(super) fn ways(&self, wing: &Wing) -> impl Iterator<Item = Way> {
        let (flown, turned, hue) = (self.flown, wing.turned, wing.hue);
        (0..wing.birds).map(move |bird| {
            let traits = [0, 1, 2].map(|which| chance(hue * 3 + which, bird));
            [flown, flown + 0.05].map(|time| place(traits, turned, time))
        })
    }
}

/// A region's colour, which stays the same whichever other regions there are.
fn hue(code: &RegionCode) -> u32 {
    let letters = code.as_str().bytes();
    letters.fold(0, |hue, letter| (hue * 31 + u32::from(letter) * 47) % 360)
}

/// A region's part of the birds: at least one where somebody is.
fn share(people: u32, all: u32) -> u32 {
    if all <= BIRDS_MAX {
        return people;
    }
    let share = f64::from(people) * f64::from(BIRDS_MAX) / f64::from(all);
    (share as u32).max(people.min(1))
}

/// Where a bird of these traits is at a time.
fn place([delay, side, distance]: [f64; 3], turned: f64, time: f64) -> (f64, f64) {
    let swept = 0.16 * (time - 2.5 * delay);
    // The root has it stay at the sides, beside the words, and cross them soon.
    let side_ways = swept.cos().abs().sqrt().copysign(swept.cos());
    let middle = (
        0.5 + 0.44 * side_ways,
        0.45 + 0.25 * (2.0 * swept + 0.6).sin(),
    );
    let angle = TAU * side + turned + 0.6 * (0.7 * time + TAU * distance).sin();
    let breath = 1.0 + 0.35 * (0.45 * time + TAU * delay).sin();
    let radius = (0.02 + 0.075 * distance.sqrt()) * breath;
    (
        middle.0 + radius * angle.cos(),
        middle.1 + 2.2 * radius * angle.sin(),
    )
}

/// A number from 0 to 1 that looks random and is always the same: the finalizer of MurmurHash3 (A. Appleby, public domain).
fn chance(one: u32, other: u32) -> f64 {
    let mut bits = one.wrapping_mul(0x9e37_79b9) ^ other;
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    f64::from(bits ^ (bits >> 16)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn rows(people: [u32; 2], clicks: i64) -> [RegionRow; 2] {
        [("fra", people[0]), ("ord", people[1])].map(|(code, people)| RegionRow {
            code: RegionCode::parse(code).unwrap(),
            people,
            is_here: code == "fra",
            ..samples::row(clicks)
        })
    }

    #[test]
    fn a_bird_is_a_visitor_or_of_very_many_a_share() {
        let mut flock = Flock::default();
        let birds = |flock: &Flock| {
            flock
                .wings
                .iter()
                .map(|wing| wing.birds)
                .collect::<Vec<_>>()
        };

        flock.follow(&rows([2, 1], 0));
        assert_eq!(birds(&flock), [2, 1]);
        assert!(flock.wings[0].has_own && !flock.wings[1].has_own);

        flock.follow(&rows([1, 1_000_000], 0));
        assert_eq!(birds(&flock), [1, 299]);
        flock.follow(&rows([0, 0], 0));
        assert_eq!(flock.birds(), 0);
    }

    #[test]
    fn the_birds_of_a_region_turn_with_its_clicks() {
        let mut flock = Flock::default();
        let [fra, ord] = rows([1, 1], 5);
        flock.follow(&[fra.clone(), ord]);
        flock.follow(&[fra, rows([1, 1], 6)[1].clone()]);
        for _ in 0..600 {
            flock.fly(1.0 / 60.0);
        }

        assert!(flock.wings[0].turned.abs() < f64::EPSILON);
        assert!((flock.wings[1].turned - TURN).abs() < 0.01);
    }

    #[test]
    fn birds_stay_in_the_sky() {
        let mut flock = Flock::default();
        flock.follow(&rows([150, 150], 0));
        for _ in 0..200 {
            flock.fly(1.0);
            for wing in &flock.wings {
                for [(x, y), _] in flock.ways(wing) {
                    assert!(
                        (-0.1..1.1).contains(&x) && (-0.1..1.1).contains(&y),
                        "{x} {y}"
                    );
                }
            }
        }
    }
}
