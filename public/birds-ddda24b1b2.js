// The flock behind the world page: a bird for each visitor, in their region's colour.
//
// Where a bird is follows from the time alone. `sky-….js` loads it where there is room for it, and tells it who is there.

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
export class Flock {
  /** The birds of each region, by its code: how many, their hue, how far they have turned and will have. */
  wings = new Map();
  /** For how long it has flown, in seconds. */
  flown = 0;
  isPaused = storage((tab) => tab.getItem(PAUSED)) !== null;
  canvas = document.createElement('canvas');
  pen = this.canvas.getContext('2d');

  constructor() {
    this.canvas.className = 'sky__flock';
    document.querySelector('.sky').append(this.canvas);
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
