//! Where parties are: cells of a hundredth of a degree, and the charts on which Redis finds them.
//!
//! Redis's geographic sets are charts in the Mercator projection: they end at 85.05° and hold neither that
//! latitude nor the longitude of 180°. So there are two. On the first a cell stands where it is on Earth. On
//! the second, the chart of the poles, the Earth is turned by a quarter so that both poles come to lie on the
//! equator; distances stay what they are. Cells beyond 60° stand on the second, all others on the first, so
//! that no chart holds cells near its own poles, where Redis would miss some.

use protocol::Coordinates;

/// Hundredths in a degree.
const STEPS: f64 = 100.0;
/// The largest latitude that is looked from on a chart.
const CHART_LAT_MAX: f64 = 85.0;
/// The largest latitude, in hundredths of a degree, of cells on the first chart; `prelude.lua` knows it too.
const PLAIN_LAT_MAX: i32 = 6000;
/// At least the kilometres of a degree of a great circle, on Redis's sphere as on ours.
const KM_A_DEGREE: f64 = 111.3;

/// A square of about a kilometre: all that is known of a party's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    lat: i32,
    lng: i32,
}

/// A place on a chart, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) lng: f64,
    pub(super) lat: f64,
    /// How far this is, in kilometres, from the place itself, which the chart may not hold.
    pub(super) off_km: f64,
}

impl Cell {
    /// The cell of a place.
    pub(super) fn of(at: Coordinates) -> Self {
        let at = at.rounded();
        // Both are whole numbers of at most 18 000.
        let steps = |degrees: f64| (degrees * STEPS).round() as i32;
        Self {
            lat: steps(at.lat()),
            lng: steps(at.lng()),
        }
    }

    /// Reads a name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (lat, lng) = name.split_once(',')?;
        Some(Self {
            lat: lat.parse().ok()?,
            lng: lng.parse().ok()?,
        })
    }

    /// The name that Redis knows it by.
    pub(super) fn name(self) -> String {
        format!("{},{}", self.lat, self.lng)
    }

    /// Its middle; nothing where a name told of no place on Earth.
    pub(super) fn middle(self) -> Option<Coordinates> {
        Coordinates::new(f64::from(self.lat) / STEPS, f64::from(self.lng) / STEPS).ok()
    }

    /// Where it stands on its chart.
    pub(super) fn spot(self) -> Option<Spot> {
        let middle = self.middle()?;
        Some(if self.lat.abs() > PLAIN_LAT_MAX {
            Spot::polar(middle)
        } else {
            Spot::plain(middle)
        })
    }
}

impl Spot {
    /// Where to look from on the first chart.
    pub(super) fn plain(at: Coordinates) -> Self {
        Self::on_chart(at.lng(), at.lat())
    }

    /// Where to look from on the chart of the poles.
    pub(super) fn polar(at: Coordinates) -> Self {
        let (lat, lng) = (at.lat().to_radians(), at.lng().to_radians());
        let (x, y, z) = (lat.cos() * lng.cos(), lat.cos() * lng.sin(), lat.sin());
        // A quarter turn about the axis of x: what was north, z, now lies in the direction of y.
        Self::on_chart(
            z.atan2(x).to_degrees(),
            (-y).clamp(-1.0, 1.0).asin().to_degrees(),
        )
    }

    fn on_chart(lng: f64, lat: f64) -> Self {
        let nearest = lat.clamp(-CHART_LAT_MAX, CHART_LAT_MAX);
        Self {
            lng: if lng >= 180.0 { -180.0 } else { lng },
            lat: nearest,
            off_km: (lat - nearest).abs() * KM_A_DEGREE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    fn charts_hold_what_redis_can_hold() {
        assert_eq!(Spot::plain(at(10.0, 180.0)).lng, -180.0);
        let pole = Spot::plain(at(90.0, 5.0));
        assert_eq!((pole.lat, pole.lng), (85.0, 5.0));
        assert!((556.0..557.0).contains(&pole.off_km));
        let [north, south] = [at(90.0, 0.0), at(-90.0, 0.0)].map(Spot::polar);
        assert!((north.lng - 90.0).abs() < 1e-9 && north.lat.abs() < 1e-9);
        assert!((south.lng + 90.0).abs() < 1e-9 && south.lat.abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn the_quarter_turn_keeps_distances(
            lat in -90.0..=90.0, lng in -180.0..=180.0, other_lat in 60.0..=90.0, other_lng in -180.0..=180.0,
        ) {
            let (one, other) = (at(lat, lng), at(other_lat, other_lng));
            let spots = [one, other].map(Spot::polar);
            let [turned, other_turned] = spots.map(|spot| at(spot.lat, spot.lng));

            let off = (turned.distance_km(other_turned) - one.distance_km(other)).abs();

            prop_assert!(off <= spots[0].off_km + 1e-3, "{off}");
        }

        #[test]
        fn cells_stand_well_inside_their_charts(lat in -90.0..=90.0, lng in -180.0..=180.0) {
            let spot = Cell::of(at(lat, lng)).spot().unwrap();

            prop_assert!(spot.lat.abs() < 60.1 && spot.lng < 180.0 && spot.off_km == 0.0);
        }
    }
}
