//! Where on the map a place is.
//!
//! The Robinson projection is a table: the parallels' lengths and distances from the equator for every five
//! degrees of latitude (A. H. Robinson, 1974; scale factors of J. P. Snyder, 1990), here interpolated
//! linearly. `scripts/map/robinson.mjs` draws the land with the same table and the same frame.

use std::f64::consts::PI;

/// The lengths of the parallels, the equator's being 1.
const PARALLEL_LENGTH: [f64; 19] = [
    1.0, 0.9986, 0.9954, 0.99, 0.9822, 0.973, 0.96, 0.9427, 0.9216, 0.8962, 0.8679, 0.835, 0.7986,
    0.7597, 0.7186, 0.6732, 0.6213, 0.5722, 0.5322,
];
/// The parallels' distances from the equator, the pole's being 1.
const PARALLEL_DISTANCE: [f64; 19] = [
    0.0, 0.062, 0.124, 0.186, 0.248, 0.31, 0.372, 0.434, 0.4958, 0.5571, 0.6176, 0.6769, 0.7346,
    0.7903, 0.8435, 0.8936, 0.9394, 0.9761, 1.0,
];
/// Degrees between two rows of the tables.
const STEP_DEGREES: f64 = 5.0;
/// Half the equator's length, in radii of the globe, over π.
const SCALE_X: f64 = 0.8487;
/// The pole's distance from the equator, in radii of the globe.
const SCALE_Y: f64 = 1.3523;

/// The northern, southern and (on the equator) eastern edges of the map, in degrees.
const EDGES: (f64, f64, f64) = (83.8, -56.0, 170.0);

/// The map's width in its own units.
pub const WIDTH: f64 = 1000.0;
/// The map's height in its own units: what its edges ask for.
pub const HEIGHT: f64 = 445.0;

/// A point of the map, from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Where a place is on the map; latitude and longitude in degrees.
pub fn place(lat: f64, lng: f64) -> Point {
    let (north, _, east) = EDGES;
    let (edge_x, edge_y) = (robinson(0.0, east).0, robinson(north, 0.0).1);
    let units = WIDTH / (2.0 * edge_x);
    let (x, y) = robinson(lat, lng);
    Point {
        x: (x + edge_x) * units,
        y: (edge_y - y) * units,
    }
}

/// The plain projection: to the east and to the north, in radii of the globe.
fn robinson(lat: f64, lng: f64) -> (f64, f64) {
    let x = SCALE_X * between(&PARALLEL_LENGTH, lat) * lng * PI / 180.0;
    (x, SCALE_Y * between(&PARALLEL_DISTANCE, lat).copysign(lat))
}

fn between(table: &[f64; 19], lat: f64) -> f64 {
    let position = lat.abs().min(90.0) / STEP_DEGREES;
    let row = (position as usize).min(table.len() - 2);
    let part = position - row as f64;
    table[row] + (table[row + 1] - table[row]) * part
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn assert_near(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{found} is not {expected}"
        );
    }

    /// Snyder's table for a globe of radius 1, in degrees: where a meridian of 90° meets some parallels.
    #[test]
    fn the_published_table_is_met() {
        for (lat, length, distance) in [
            (0.0, 1.0, 0.0),
            (30.0, 0.96, 0.372),
            (60.0, 0.7986, 0.7346),
            (90.0, 0.5322, 1.0),
        ] {
            let (x, y) = robinson(-lat, 90.0);

            assert_near(x, 0.8487 * length * PI / 2.0, 1e-12);
            assert_near(y, -1.3523 * distance, 1e-12);
        }
    }

    #[test]
    fn between_the_parallels_it_is_linear() {
        let (x, y) = robinson(42.5, 180.0);

        assert_near(x, 0.8487 * (0.9216 + 0.8962) / 2.0 * PI, 1e-12);
        assert_near(y, 1.3523 * (0.4958 + 0.5571) / 2.0, 1e-12);
    }

    #[test]
    fn places_are_where_the_land_is_drawn() {
        let drawn: Value =
            serde_json::from_str(include_str!("../../../../scripts/map/points.json")).unwrap();
        assert_near(drawn["width"].as_f64().unwrap(), WIDTH, 0.0);
        assert_near(drawn["height"].as_f64().unwrap(), HEIGHT, 0.0);

        let number = |point: &Value, name: &str| point[name].as_f64().unwrap();
        for point in drawn["points"].as_array().unwrap() {
            let found = place(number(point, "lat"), number(point, "lng"));

            assert_near(found.x, number(point, "x"), 0.001);
            assert_near(found.y, number(point, "y"), 0.001);
        }
    }

    #[test]
    fn the_frame_ends_where_it_says() {
        let (north, south, east) = EDGES;

        assert_near(place(north, 0.0).y, 0.0, 1e-9);
        assert_near(place(south, 0.0).y, HEIGHT, 0.5);
        assert_near(place(0.0, east).x, WIDTH, 1e-9);
    }
}
