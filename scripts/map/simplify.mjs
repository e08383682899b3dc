// Visvalingam's simplification of a closed ring: the point that matters least, by the area of the triangle
// with its neighbours, goes first, until every triangle left is at least as large as `areaMin`.

const triangle = ([ax, ay], [bx, by], [cx, cy]) => Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;

/** The ring's area. */
export function area(ring) {
  let twice = 0;
  for (let at = 0; at < ring.length; at += 1) {
    const [ax, ay] = ring[at];
    const [bx, by] = ring[(at + 1) % ring.length];
    twice += ax * by - bx * ay;
  }
  return Math.abs(twice) / 2;
}

/** The ring without the points that nobody would miss. */
export function simplify(ring, areaMin) {
  const points = [...ring];
  const weigh = (at) =>
    triangle(points[(at + points.length - 1) % points.length], points[at], points[(at + 1) % points.length]);
  const weights = points.map((_, at) => weigh(at));
  while (points.length > 3) {
    let least = 0;
    for (let at = 1; at < weights.length; at += 1) if (weights[at] < weights[least]) least = at;
    if (weights[least] >= areaMin) break;
    points.splice(least, 1);
    weights.splice(least, 1);
    for (const neighbour of [(least + points.length - 1) % points.length, least % points.length]) {
      weights[neighbour] = weigh(neighbour);
    }
  }
  return points;
}
