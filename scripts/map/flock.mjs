// The flock: a few hundred birds along a folding ribbon, as starlings fly at dusk. Only a picture, but the
// same one every time: the random numbers come from a fixed seed.

const BIRDS = 420;
const WIDTH = 1200;
const HEIGHT = 520;

// A linear congruential generator (constants of Numerical Recipes): plenty for scattering dots.
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The whole picture. */
export function flock() {
  const roll = dice(20261120);
  // The sum of three rolls crowds around the middle, as birds do.
  const crowd = () => (roll() + roll() + roll()) / 1.5 - 1;
  // Near, middle and far birds: a line of no length with round ends is a dot of the stroke's width.
  const depths = new Map([[1.6, []], [2.6, []], [4, []]]);
  for (let at = 0; at < BIRDS; at += 1) {
    const along = (at + roll()) / BIRDS;
    const turn = along * Math.PI * 2;
    const breadth = 26 + 74 * Math.abs(Math.sin(turn * 0.93 + 0.5));
    const x = 60 + along * (WIDTH - 120) + crowd() * 58;
    const y = HEIGHT * 0.5 - Math.sin(turn * 1.15 + 0.4) * 118 + Math.cos(turn * 2.3) * 44 + crowd() * breadth;
    const depth = [1.6, 1.6, 2.6, 4][Math.floor(roll() * 4)];
    depths.get(depth).push(`M${Math.round(x)} ${Math.round(y)}h0`);
  }
  const paths = [...depths].map(([width, birds]) => `<path stroke-width="${width}" d="${birds.join('')}"/>`);
  const pen = 'fill="none" stroke="#000" stroke-linecap="round"';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ${pen}>${paths.join('')}</svg>\n`;
}
