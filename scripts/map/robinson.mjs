// The Robinson projection: a table of the parallels' lengths and distances from the equator for every
// five degrees of latitude, interpolated linearly. Values as in A. H. Robinson, "A New Map Projection:
// Its Development and Characteristics" (1974), with the scale factors of J. P. Snyder, "The Robinson
// Projection: A Computation Algorithm" (1990). app/src/components/map/projection.rs holds the same table.

const PARALLEL_LENGTH = [
  1.0, 0.9986, 0.9954, 0.99, 0.9822, 0.973, 0.96, 0.9427, 0.9216, 0.8962, 0.8679, 0.835, 0.7986, 0.7597, 0.7186,
  0.6732, 0.6213, 0.5722, 0.5322,
];
const PARALLEL_DISTANCE = [
  0.0, 0.062, 0.124, 0.186, 0.248, 0.31, 0.372, 0.434, 0.4958, 0.5571, 0.6176, 0.6769, 0.7346, 0.7903, 0.8435,
  0.8936, 0.9394, 0.9761, 1.0,
];
const STEP_DEGREES = 5;
const SCALE_X = 0.8487;
const SCALE_Y = 1.3523;

/** Latitude and longitude in degrees to the plane: x to the east, y to the north, the globe's radius 1. */
export function robinson(lat, lng) {
  const position = Math.min(Math.abs(lat), 90) / STEP_DEGREES;
  const row = Math.min(Math.floor(position), PARALLEL_LENGTH.length - 2);
  const between = (table) => table[row] + (table[row + 1] - table[row]) * (position - row);
  const radians = (lng * Math.PI) / 180;
  return [SCALE_X * between(PARALLEL_LENGTH) * radians, Math.sign(lat) * SCALE_Y * between(PARALLEL_DISTANCE)];
}

// What the map shows: no Antarctica, no Arctic Ocean, and not the empty Pacific at the very edges.
const NORTH = robinson(83.8, 0)[1];
const SOUTH = robinson(-56, 0)[1];
const EAST = robinson(0, 170)[0];

/** The map's width in its own units; its height follows from what it shows. */
export const WIDTH = 1000;
const UNITS = WIDTH / (2 * EAST);
export const HEIGHT = Math.round((NORTH - SOUTH) * UNITS);

/** Latitude and longitude in degrees to the map's units: from its upper left corner, x right and y down. */
export function place(lat, lng) {
  const [x, y] = robinson(lat, lng);
  return [(x + EAST) * UNITS, (NORTH - y) * UNITS];
}
