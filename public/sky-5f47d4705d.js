// What the world page shows besides, once it is live: clicks that fly over the map, how soon they are elsewhere, the pane with
// another region's page, and the flock behind the page.
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

/** Shows the first region in the pane once that is opened, or if it is open already. */
function followPane() {
  const [details, pane, first] = ['', '__pane', '__region'].map((part) => find(`.elsewhere${part}`));
  if (!pane || !first) return;
  const show = () => (pane.src = first.href);
  if (details.open) show();
  else details.addEventListener('toggle', show, { once: true });
}

/** The most birds (of more visitors, each region has its share), and how far a click turns those of its region, in radians. */
const BIRDS_MAX = 300;
const TURN = 1.1;
/** How much of what is left of a turn birds fly in a second. */
const TURN_RATE = 2.4;
/** The length of a bird, and the radius of the ring around this visitor's, in pixels. */
const BIRD = 5;
const RING = 11;
/** The time between two drawings, in milliseconds; the longest that one lets pass, in seconds: birds do not jump. */
const FRAME_MS = 32;
const STEP_MAX = 0.1;
/** Where a tab remembers that its birds rest, if it may. */
const PAUSED = 'birds-paused';
function storage(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

/** A number from 0 to 1 that looks random and is always the same: the finalizer of MurmurHash3 (A. Appleby, public domain). */
function chance(one, other) {
  let bits = Math.imul(one, 0x9e3779b9) ^ other;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 0xffffffff;
}

/** A region's colour, which stays the same whichever other regions there are. */
const hueOf = (code) => [...code].reduce((hue, letter) => (hue * 31 + letter.charCodeAt(0) * 47) % 360, 0);

/** Where a bird of these traits is at a time, over the width and the height of the sky. It trails the middle of the flock, which
 * sweeps from one side of the page to the other, at a distance and a delay of its own. */
function place([delay, side, distance], turned, time) {
  const swept = 0.16 * (time - 2.5 * delay);
  // The root has it stay at the sides, beside the words, and cross them soon.
  const sideways = Math.sign(Math.cos(swept)) * Math.sqrt(Math.abs(Math.cos(swept)));
  const angle = Math.PI * 2 * side + turned + 0.6 * Math.sin(0.7 * time + Math.PI * 2 * distance);
  const breath = 1 + 0.35 * Math.sin(0.45 * time + Math.PI * 2 * delay);
  const radius = (0.02 + 0.075 * Math.sqrt(distance)) * breath;
  return [
    0.5 + 0.44 * sideways + radius * Math.cos(angle),
    0.45 + 0.25 * Math.sin(2 * swept + 0.6) + 2.2 * radius * Math.sin(angle),
  ];
}

/** The birds behind the page, in place of the still picture. */
class Flock {
  /** The birds of each region, by its code: how many, their hue, how far they have turned and will have. */
  wings = new Map();
  /** For how long it has flown, in seconds. */
  flown = 0;
  isPaused = storage((tab) => tab.getItem(PAUSED)) !== null;
  canvas = document.createElement('canvas');
  pen = this.canvas.getContext('2d');

  constructor() {
    this.canvas.className = 'sky__flock';
    find('.sky').append(this.canvas);
    this.say(document.getElementById('flock-words'));
  }

  /** Says what the birds are, with the button that stops them. */
  say(words) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link-button';
    const label = () => (button.textContent = this.isPaused ? 'Let the birds fly' : 'Pause the birds');
    button.addEventListener('click', () => {
      this.isPaused = !this.isPaused;
      storage((tab) => (this.isPaused ? tab.setItem(PAUSED, 'true') : tab.removeItem(PAUSED)));
      label();
    });
    label();
    words.replaceChildren('Each bird is a visitor, in the colour of their region; yours has a ring. ', button);
  }

  /** Takes in who is there and who has clicked. */
  follow(regions) {
    const all = regions.reduce((sum, { people }) => sum + people, 0);
    const before = this.wings;
    this.wings = new Map();
    for (const { code, clicks, people, isHere } of regions) {
      const known = before.get(code) ?? { clicks, turned: 0, turns: 0 };
      const turns = known.turns + (known.clicks === clicks ? 0 : TURN);
      const share = Math.max(Math.floor((people * BIRDS_MAX) / all), Math.min(people, 1));
      const birds = all <= BIRDS_MAX ? people : share;
      const hasOwn = isHere && people > 0;
      this.wings.set(code, { clicks, birds, hasOwn, hue: hueOf(code), turned: known.turned, turns });
    }
    this.canvas.dataset.birds = [...this.wings.values()].reduce((sum, { birds }) => sum + birds, 0);
    if (this.isPaused) this.draw(0);
  }

  /** Draws again as soon as the browser is about to: never while the page is hidden. */
  next(before) {
    requestAnimationFrame((now) => {
      if (now - before < FRAME_MS) return this.next(before);
      if (!this.isPaused) this.draw(Math.min((now - before) / 1_000, STEP_MAX));
      this.next(now);
    });
  }

  /** Draws all birds, so many seconds later; nothing where nobody sees them. */
  draw(seconds) {
    const { width, height, bottom } = this.canvas.getBoundingClientRect();
    if (width <= 0 || bottom < 0) return;
    this.flown += seconds;
    const density = Math.min(Math.max(devicePixelRatio, 1), 2);
    const size = [width, height].map((length) => Math.floor(length * density));
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) {
      [this.canvas.width, this.canvas.height] = size;
    }
    this.pen.setTransform(density, 0, 0, density, 0, 0);
    this.pen.clearRect(0, 0, width, height);
    for (const wing of this.wings.values()) {
      wing.turned += (wing.turns - wing.turned) * Math.min(TURN_RATE * seconds, 1);
      this.drawWing(wing, [width, height]);
    }
  }

  drawWing({ birds, hasOwn, hue, turned }, [width, height]) {
    const { pen, flown } = this;
    const at = (bird, time) => {
      const traits = [0, 1, 2].map((which) => chance(hue * 3 + which, bird));
      const [x, y] = place(traits, turned, time);
      return [x * width, y * height];
    };
    pen.fillStyle = pen.strokeStyle = `oklch(0.63 0.17 ${hue})`;
    pen.beginPath();
    for (let bird = 0; bird < birds; bird++) {
      const [[x, y], [nextX, nextY]] = [at(bird, flown), at(bird, flown + 0.05)];
      const length = Math.hypot(nextX - x, nextY - y) || 1;
      const [east, south] = [((nextX - x) / length) * BIRD, ((nextY - y) / length) * BIRD];
      // Two wings that meet in its beak.
      pen.moveTo(x + east, y + south);
      pen.lineTo(x - 0.8 * (east + south), y - 0.8 * (south - east));
      pen.lineTo(x - 0.2 * east, y - 0.2 * south);
      pen.lineTo(x - 0.8 * (east - south), y - 0.8 * (south + east));
      pen.closePath();
    }
    pen.fill();
    if (!hasOwn) return;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(...at(0, flown), RING, 0, Math.PI * 2);
    pen.stroke();
  }
}

// On narrower screens there is no room beside the words, as the style has it.
const flock = !isCalm && matches('(width >= 60rem)') ? new Flock() : undefined;

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
flock?.next(performance.now());
