//! Coordinates on Earth.

use serde::{Deserialize, Serialize};

/// The Earth's mean radius in kilometres: R₁ of the GRS 80 ellipsoid (H. Moritz, "Geodetic Reference System
/// 1980", Journal of Geodesy 74, 2000).
const EARTH_RADIUS_KM: f64 = 6_371.008_8;

/// A latitude and a longitude, both in degrees and on Earth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Bare")]
pub struct Coordinates {
    lat: f64,
    lng: f64,
}

/// The error for invalid coordinates. Its text names the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoordinatesError {
    /// The latitude is out of range.
    #[error("`lat` must be a number from -90 to 90")]
    Lat,
    /// The longitude is out of range.
    #[error("`lng` must be a number from -180 to 180")]
    Lng,
}

#[derive(Deserialize)]
struct Bare {
    lat: f64,
    lng: f64,
}

impl Coordinates {
    /// The point `lat` degrees north of the equator and `lng` degrees east of Greenwich.
    ///
    /// # Errors
    /// [`CoordinatesError`] unless `lat` is from −90 to 90 and `lng` from −180 to 180.
    pub fn new(lat: f64, lng: f64) -> Result<Self, CoordinatesError> {
        if !(-90.0..=90.0).contains(&lat) {
            Err(CoordinatesError::Lat)
        } else if !(-180.0..=180.0).contains(&lng) {
            Err(CoordinatesError::Lng)
        } else {
            Ok(Self { lat, lng })
        }
    }

    /// Degrees north of the equator.
    #[must_use]
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east of Greenwich.
    #[must_use]
    pub fn lng(self) -> f64 {
        self.lng
    }

    /// The coordinates rounded to a hundredth of a degree, about a kilometre: all that others learn.
    #[must_use]
    pub fn rounded(self) -> Self {
        let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
        Self {
            lat: round(self.lat),
            lng: round(self.lng),
        }
    }

    /// The great-circle distance in kilometres on a sphere of the Earth's mean radius, by the haversine
    /// formula (R. W. Sinnott, "Virtues of the Haversine", Sky & Telescope 68, 1984), which is exact for
    /// near points. As the Earth is flattened, the error is at most half a percent.
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let [lat, other_lat] = [self.lat, other.lat].map(f64::to_radians);
        let across = (other.lng - self.lng).to_radians();
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let haversine = half(other_lat - lat) + lat.cos() * other_lat.cos() * half(across);
        // Rounding may put antipodes a hair above 1.
        2.0 * EARTH_RADIUS_KM * haversine.min(1.0).sqrt().asin()
    }
}

impl TryFrom<Bare> for Coordinates {
    type Error = CoordinatesError;

    fn try_from(Bare { lat, lng }: Bare) -> Result<Self, CoordinatesError> {
        Self::new(lat, lng)
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
    fn the_whole_earth_is_in_and_nothing_else() {
        for (lat, lng) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)] {
            assert!(Coordinates::new(lat, lng).is_ok());
        }
        for lat in [90.1, -91.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Coordinates::new(lat, 0.0), Err(CoordinatesError::Lat));
        }
        for lng in [180.1, -181.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(Coordinates::new(0.0, lng), Err(CoordinatesError::Lng));
        }
        assert!(serde_json::from_str::<Coordinates>(r#"{"lat":91,"lng":0}"#).is_err());
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        let quarter_km = EARTH_RADIUS_KM * std::f64::consts::FRAC_PI_2;
        for (one, other, quarters) in [
            (at(0.0, 0.0), at(0.0, 90.0), 1.0),
            (at(0.0, 0.0), at(90.0, 123.0), 1.0),
            (at(90.0, 0.0), at(-90.0, 77.0), 2.0),
            (at(0.0, -180.0), at(0.0, 180.0), 0.0),
            (at(-45.0, 170.0), at(45.0, -10.0), 2.0),
            (at(90.0, 10.0), at(90.0, -170.0), 0.0),
        ] {
            let expected = quarters * quarter_km;
            let found = one.distance_km(other);
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
    }

    #[test]
    fn across_the_date_line_is_near() {
        let fiji = at(-17.75, 177.45);
        let samoa = at(-13.83, -171.75);

        let distance_km = fiji.distance_km(samoa);

        assert!((1_200.0..1_260.0).contains(&distance_km), "{distance_km}");
    }

    #[test]
    fn others_learn_a_place_to_a_kilometre() {
        let exact = at(52.520_008, 13.404_954);

        assert_eq!(exact.rounded(), at(52.52, 13.4));
        assert!(exact.distance_km(exact.rounded()) < 0.8);
        assert_eq!(at(-90.0, -180.0).rounded(), at(-90.0, -180.0));
    }

    proptest! {
        #[test]
        fn distances_are_symmetric_and_bounded(
            lat in -90.0..=90.0, lng in -180.0..=180.0, other_lat in -90.0..=90.0, other_lng in -180.0..=180.0,
        ) {
            let (one, other) = (at(lat, lng), at(other_lat, other_lng));

            let (there, back) = (one.distance_km(other), other.distance_km(one));

            prop_assert!((there - back).abs() < 1e-6);
            prop_assert!((0.0..=20_016.0).contains(&there));
        }
    }
}
