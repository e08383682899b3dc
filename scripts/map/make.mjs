// Draws the page's pictures: `npm install && node make.mjs` in this folder.
//
// Each picture goes to public/ under a name with its content's hash, so that browsers may keep it for good,
// and its address to a partial of style/. server/src/cards/drawing.rs names them, too: change it. points.json tells the tests of app/ where this script puts places.

import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { flock } from './flock.mjs';
import { land } from './land.mjs';
import { HEIGHT, WIDTH, place } from './robinson.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const HASH_LENGTH = 10;

const PLACES = { equator: [0, 0], chicago: [41.98, -87.9], frankfurt: [50.03, 8.57], sydney: [-33.95, 151.18],
  johannesburg: [-26.13, 28.23], tokyo: [35.76, 140.39], saoPaulo: [-23.43, -46.47], reykjavik: [64.13, -21.94] };

function publish(name, picture, extra = '') {
  const hash = createHash('sha256').update(picture).digest('hex').slice(0, HASH_LENGTH);
  for (const file of readdirSync(`${root}public`)) {
    if (file.startsWith(`${name}-`)) rmSync(`${root}public/${file}`);
  }
  const file = `${name}-${hash}.svg`;
  writeFileSync(`${root}public/${file}`, picture);
  writeFileSync(
    `${root}style/_${name}.scss`,
    `// Written by scripts/map/make.mjs.\n:root {\n  --${name}: url("/${file}");\n${extra}}\n`,
  );
  console.log(`public/${file}: ${picture.length} bytes`);
}

publish('land', land(), `  --land-ratio: ${WIDTH} / ${HEIGHT};\n`);
publish('flock', flock());

const points = Object.entries(PLACES).map(([name, [lat, lng]]) => {
  const [x, y] = place(lat, lng).map((unit) => Number(unit.toFixed(3)));
  return { name, lat, lng, x, y };
});
writeFileSync(
  fileURLToPath(new URL('points.json', import.meta.url)),
  `${JSON.stringify({ width: WIDTH, height: HEIGHT, points }, null, 2)}\n`,
);
