// The land as one SVG path, from Natural Earth's 1:50m coastlines (public domain, npm package world-atlas).

import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import { HEIGHT, WIDTH, place } from './robinson.mjs';
import { area, simplify } from './simplify.mjs';

const atlas = createRequire(import.meta.url)('world-atlas/land-50m.json');

// The path's grid is finer than the map's units so that whole numbers, which are shorter, suffice.
const GRID = 2;
// In grid units: smaller islands and smaller bends than these are not seen at a page's width.
const ISLAND_AREA_MIN = 9;
const BEND_AREA_MIN = 2.6;
// Whatever lies south of here is Antarctica or an island off it.
const SOUTHERNMOST = -58;

function ringPath(ring) {
  const steps = [];
  let [fromX, fromY] = ring[0];
  for (const [x, y] of ring.slice(1)) {
    if (x !== fromX || y !== fromY) steps.push(`${x - fromX} ${y - fromY}`);
    [fromX, fromY] = [x, y];
  }
  const numbers = steps.join(' ').replaceAll(' -', '-');
  return steps.length > 2 ? `M${ring[0].join(' ')}l${numbers}z` : '';
}

function onGrid([lng, lat]) {
  const [x, y] = place(lat, lng);
  return [x * GRID, y * GRID];
}

// A coast that crosses the antimeridian goes on beyond 180 degrees instead of jumping to the other edge; then
// the whole ring moves to the turn of the globe where most of it lies.
function unwrap(ring) {
  let turns = 0;
  const whole = ring.map(([lng, lat], at) => {
    const jump = at === 0 ? 0 : lng - ring[at - 1][0];
    if (Math.abs(jump) > 180) turns -= Math.sign(jump);
    return [lng + turns * 360, lat];
  });
  const lngs = whole.map(([lng]) => lng);
  const middle = (Math.min(...lngs) + Math.max(...lngs)) / 2;
  return whole.map(([lng, lat]) => [lng - Math.round(middle / 360) * 360, lat]);
}

/** The whole picture. */
export function land() {
  const [{ geometry }] = feature(atlas, atlas.objects.land).features;
  const rings = geometry.coordinates
    .filter(([outline]) => outline.some(([, lat]) => lat > SOUTHERNMOST))
    .flatMap((polygon) => polygon)
    .map((ring) => unwrap(ring.slice(0, -1)).map(onGrid))
    .filter((ring) => area(ring) >= ISLAND_AREA_MIN)
    .map((ring) => simplify(ring, BEND_AREA_MIN).map((point) => point.map(Math.round)));
  const size = `${WIDTH * GRID} ${HEIGHT * GRID}`;
  const path = rings.map(ringPath).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}"><path d="${path}"/></svg>\n`;
}
