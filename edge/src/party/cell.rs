//! Parties' locations: cells of a hundredth of a degree, and their order.
//!
//! Redis keeps the listed parties in one sorted set, by cell and then by the minute of their creation. Cells are
//! numbered by interleaving the bits of row and column (G. M. Morton, "A Computer Oriented Geodetic Data Base", IBM,
//! 1966), so an aligned square whose side is a power of two has consecutive numbers, and counting its parties is one
//! range query. The set is thus an implicit quadtree, which `nearby.lua` searches. Redis's geographic commands work
//! similarly, but exclude the poles and (undocumented) the longitude of 180°, and their searches take time in proportion
//! to all parties around, however few are requested.

use protocol::Coordinates;

/// Hundredths in a degree.
const STEPS: f64 = 100.0;
/// Steps from a pole to the equator: row 0 is the south pole.
const QUARTER: i32 = 9_000;
/// Steps from the date line to Greenwich: column 0 is the date line.
const HALF: i32 = 18_000;

/// A square of about a kilometre: all that is stored of a party's location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    lat: i32,
    lng: i32,
}

impl Cell {
    /// The cell that contains these coordinates.
    pub(super) fn of(at: Coordinates) -> Self {
        let at = at.rounded();
        // Whole numbers of at most 18,000.
        let steps = |degrees: f64| (degrees * STEPS).round() as i32;
        Self {
            lat: steps(at.lat()),
            lng: steps(at.lng()),
        }
    }

    /// Parses a name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (lat, lng) = name.split_once(',')?;
        Some(Self {
            lat: lat.parse().ok()?,
            lng: lng.parse().ok()?,
        })
    }

    /// The name that Redis stores.
    pub(super) fn name(self) -> String {
        format!("{},{}", self.lat, self.lng)
    }

    /// Its middle; `None` if the name was not a place on Earth.
    pub(super) fn middle(self) -> Option<Coordinates> {
        Coordinates::new(f64::from(self.lat) / STEPS, f64::from(self.lng) / STEPS).ok()
    }

    /// Its number in the order of cells: the column's bits at even, the row's at odd positions, 16 each.
    pub(super) fn number(self) -> u64 {
        let spread = |steps: i32| {
            (0..16).fold(0, |bits, at| {
                bits | u64::from((steps >> at) & 1 == 1) << (2 * at)
            })
        };
        spread(self.lng + HALF) | spread(self.lat + QUARTER) << 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lng: f64) -> Coordinates {
        Coordinates::new(lat, lng).unwrap()
    }

    #[test]
    fn a_cell_is_the_rounded_place() {
        for (place, name) in [
            (at(52.520_008, 13.404_954), "5252,1340"),
            (at(-0.001, -0.004), "0,0"),
            (at(-33.868, 151.209), "-3387,15121"),
            (at(90.0, -180.0), "9000,-18000"),
        ] {
            let cell = Cell::of(place);

            assert_eq!(cell.name(), name);
            assert_eq!(Cell::parse(name), Some(cell));
            assert_eq!(cell.middle(), Some(place.rounded()));
        }
        assert_eq!(Cell::parse("somewhere"), None);
        assert_eq!(
            Cell::parse("9001,0").map(Cell::middle),
            Some(None),
            "not on Earth"
        );
    }

    #[test]
    fn squares_of_cells_follow_each_other() {
        let number = |column: i32, row: i32| {
            Cell {
                lat: row - QUARTER,
                lng: column - HALF,
            }
            .number()
        };

        assert_eq!(number(0, 0), 0);
        let quarters = [(0, 0), (1, 0), (0, 1), (1, 1)];
        assert_eq!(
            quarters.map(|(column, row)| number(column, row)),
            [0, 1, 2, 3]
        );
        // A square of eight by eight, on a multiple of eight.
        let mut numbers: Vec<_> = (0..64)
            .map(|at| number(34_000 + at % 8, 17_096 + at / 8))
            .collect();
        numbers.sort_unstable();
        let first = number(34_000, 17_096);
        assert_eq!(numbers, (first..first + 64).collect::<Vec<_>>());
        assert_eq!(number(0xffff, 0xffff), u64::from(u32::MAX));
    }
}
