// What the world page shows besides, once it is live: clicks that fly over the map, how soon they are elsewhere, the pane with
// another region's page, and the flock behind the page, which is a file of its own.
//
// It reads the regions from the page's own table and map, so that none of it weighs on the page's WebAssembly; the page is whole
// without it. `load_sky.js` loads it.

const find = (query, inside = document) => inside.querySelector(query);
const number = (text) => Number(text.replaceAll(',', '').replace('−', '-'));
const matches = (query) => matchMedia(query).matches;
const isCalm = matches('(prefers-reduced-motion: reduce)');

/** The bright middle of a light, and the ring around this visitor's, over the light's radius: as `light.rs` has it. */
const CORE = 0.72;
const RING_RADIUS = 1.35;

/** The regions, in the table's order, as it and the map show them. */
function readRegions() {
  return [...document.querySelectorAll('tr[data-region]')].map((row) => {
    const { region: code, reached } = row.dataset;
    const cell = (name) => find(`[data-cell="${name}"]`, row);
    const light = find(`.light[data-region="${code}"] .light__core`);
    const [x, y, core] = ['cx', 'cy', 'r'].map((name) => Number(light?.getAttribute(name)));
    const isHere = 'here' in row.dataset;
    return {
      code,
      city: find('.region-table__city', row).textContent,
      clicks: cell('clicks').textContent,
      people: number(cell('people').textContent),
      isLive: number(cell('instances').textContent) > 0,
      isHere,
      /** How soon it had clicks that were made here, in milliseconds; '' where that is not known. */
      reached,
      /** Whether it then had all clicks of this page. */
      hasOwn: 'own' in row.dataset,
      note: cell('reach'),
      x,
      y,
      radius: (core / CORE) * (isHere ? RING_RADIUS : 1),
    };
  });
}

const roundTrip = ({ reached }) => (Number(reached) > 0 ? `${reached} ms` : 'under 1 ms');

/** Writes a text where another one stands. */
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** How soon other regions had the visitor's newest click: each, or of many the first and the last. Nothing while none has. */
function elsewhere(regions) {
  const others = regions.filter(({ isHere, isLive }) => !isHere && isLive);
  const reached = others.filter(({ hasOwn }) => hasOwn).sort((one, other) => one.reached - other.reached);
  const words = reached.map((region) => `${region.city} ${roundTrip(region)}`);
  if (others.length === 0) return 'no other region is live';
  if (words.length === 0) return undefined;
  return words.length > 3 ? `${words[0]} … ${words.at(-1)}, ${words.length} regions` : words.join(' · ');
}

/** Writes how soon clicks are elsewhere. While the next figures are due, the last ones stay. */
function tell(regions) {
  const words = elsewhere(regions);
  if (words !== undefined) write(document.getElementById('elsewhere'), words);
  for (const region of regions) {
    const isKnown = region.reached !== '' && region.isLive && !region.isHere;
    write(region.note, isKnown ? ` reached in ${roundTrip(region)}` : '');
  }
}

/** How many flights are on the map at once (in a busy world, the others are not drawn), and how long one takes: `--flight`. */
const FLIGHTS = 4;
const FLIGHT_MS = 1_200;
/** The time after which a region's next click is drawn, and how far an arc rises, over the distance. */
const PAUSE_MS = 300;
const RISE = 0.22;

const flights = document.getElementById('flights');
/** Whose flight each is, and when it began. */
const flying = Array.from({ length: FLIGHTS }, () => ({ code: '', since: -Infinity }));
const clicksBefore = new Map();

/** A place for another flight of a region. The first is kept for the visitor's own clicks. */
function free({ code, isHere }, now) {
  const isOver = ({ since }) => now - since >= FLIGHT_MS;
  if (isHere) return now - flying[0].since >= PAUSE_MS ? 0 : -1;
  if (flying.slice(1).some((flight) => flight.code === code && !isOver(flight))) return -1;
  return flying.findIndex((flight, at) => at > 0 && isOver(flight));
}

/** The arcs from a region to all others that live. */
function arcs(from, regions) {
  const to = regions.filter(({ code, isLive }) => isLive && code !== from.code);
  const arc = ({ x, y }) => {
    const top = (from.y + y) / 2 - RISE * Math.hypot(x - from.x, y - from.y);
    const way = `M${from.x} ${from.y}Q${(from.x + x) / 2} ${top} ${x} ${y}`;
    return `<path class="flights__arc" pathLength="1" d="${way}"/>`;
  };
  return to.map(arc).join('');
}

/** Lets clicks fly from where they were made. What is not known from before begins no flight. */
function fly(regions) {
  const now = performance.now();
  for (const region of regions) {
    const before = clicksBefore.get(region.code) ?? region.clicks;
    clicksBefore.set(region.code, region.clicks);
    const at = before === region.clicks ? -1 : free(region, now);
    if (at < 0) continue;
    flying[at] = { code: region.code, since: now };
    flights.children[at].innerHTML = arcs(region, regions);
  }
}

/** How labels are placed on wide screens and on narrow ones: as `world_map.rs` and the style have it. */
const SCALES = [
  { screen: 'wide', height: 15, lights: 1.1 },
  { screen: 'narrow', height: 34, lights: 1.8 },
];
const LETTER_ASPECT = 0.62;

const box = (x, y, letters, height) => ({ x, y, width: letters * height * LETTER_ASPECT, height });
const overlap = (one, other) =>
  Math.abs(one.x - other.x) * 2 < one.width + other.width &&
  Math.abs(one.y - other.y) * 2 < one.height + other.height;

/** The figures beside the lights of regions that have the visitor's newest click, where there is room. */
function figures(regions, { screen, height, lights }) {
  const { width: mapWidth, height: mapHeight } = flights.ownerSVGElement.viewBox.baseVal;
  const labels = document.querySelectorAll(`.world-map__labels[data-screen="${screen}"] > :not(.flights__figure)`);
  const taken = [...labels].map((label) => {
    const [x, y] = ['x', 'y'].map((name) => Number(label.getAttribute(name)));
    return box(x, y, label.textContent.length, height);
  });
  for (const { x, y, radius } of regions) taken.push({ x, y, width: 1.6 * radius * lights, height: 1.6 * radius * lights });
  const texts = regions.filter(({ hasOwn, isLive, isHere }) => hasOwn && isLive && !isHere).map((region) => {
    const text = roundTrip(region);
    const { width } = box(0, 0, text.length, height);
    const rim = region.radius * lights + height * 0.3;
    const [beside, above] = [width / 2 + rim, height / 2 + rim];
    const [slant, lift] = [width / 2 + rim * 0.5, height / 2 + rim * 0.6];
    const straight = [[beside, 0], [-beside, 0], [0, -above], [0, above]];
    const ways = [...straight, [slant, -lift], [-slant, -lift], [slant, lift], [-slant, lift]];
    const places = ways.map(([right, down]) => box(region.x + right, region.y + down, text.length, height));
    const isOnMap = ({ x, y }) =>
      x - width / 2 >= 0 && x + width / 2 <= mapWidth && y - height / 2 >= 0 && y + height / 2 <= mapHeight;
    const place = places.find((place) => isOnMap(place) && !taken.some((other) => overlap(place, other)));
    if (!place) return '';
    taken.push(place);
    return `<text class="world-map__label flights__figure" x="${place.x}" y="${place.y}">${text}</text>`;
  });
  return `<g class="world-map__labels" data-screen="${screen}">${texts.join('')}</g>`;
}

let figuresBefore = '';
function showFigures(regions) {
  const svg = SCALES.map((scale) => figures(regions, scale)).join('');
  if (svg !== figuresBefore) flights.lastElementChild.innerHTML = figuresBefore = svg;
}

/** Shows the first region in the pane once that is opened, or if it is open already, and marks the one that is shown. */
function followPane() {
  const [details, pane] = ['', '__pane'].map((part) => find(`.elsewhere${part}`));
  const links = [...document.querySelectorAll('.elsewhere__region')];
  if (!pane || !links.length) return;
  const mark = (shown) => links.forEach((link) => link.setAttribute('aria-current', link === shown));
  links.forEach((link) => link.addEventListener('click', () => mark(link)));
  const show = () => {
    pane.src = links[0].href;
    mark(links[0]);
  };
  if (details.open) show();
  else details.addEventListener('toggle', show, { once: true });
}

/** The birds behind the page, once they are there. */
let flock;

function show() {
  const regions = readRegions();
  tell(regions);
  fly(regions);
  showFigures(regions);
  flock?.follow(regions);
}

let isDue = false;
const changed = new MutationObserver(() => {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    show();
  });
});
changed.observe(document.getElementById('regions'), {
  subtree: true,
  childList: true,
  characterData: true,
  attributeFilter: ['data-reached', 'data-own', 'data-here'],
});
followPane();
show();

// On narrower screens there is no room for birds beside the words, as the style has it.
if (!isCalm && matches('(width >= 60rem)')) {
  const birds = await import('/birds-ddda24b1b2.js').catch(() => undefined);
  flock = birds && new birds.Flock();
  flock?.follow(readRegions());
  flock?.next(performance.now());
}
