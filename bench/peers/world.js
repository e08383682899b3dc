// What the three servers share: the world's numbers, the live protocol's frames, and the page.

const PLACES = {
  ord: { city: "Chicago", lat: 41.97, lng: -87.9 },
  fra: { city: "Frankfurt am Main", lat: 50.03, lng: 8.57 },
};

// Adds a click and tells all servers in one step: each region's numbers reach them in order.
// KEYS: the clicks by region. ARGV: the channel, the region, the step. Returns the region's clicks.
export const ADD = `
local clicks = redis.call('HINCRBY', KEYS[1], ARGV[2], ARGV[3])
redis.call('PUBLISH', ARGV[1], '{"code":"' .. ARGV[2] .. '","clicks":' .. clicks .. '}')
return clicks`;
export const CLICKS = "peers:clicks";
export const CHANNEL = "peers:world";

export const settings = {
  region: process.env.FLY_REGION,
  redis: process.env.REDIS_URL,
  host: process.env.HOST,
  port: Number(process.env.PORT),
};

// Every region's numbers, as this server knows them.
export class World {
  #regions = new Map();

  constructor(clicks) {
    for (const [code, place] of Object.entries(PLACES)) {
      const count = Number(clicks[code] ?? 0);
      const people = { people: 0, connections: 0, instances: 1 };
      this.#regions.set(code, { code, ...place, clicks: count, ...people });
    }
  }

  get regions() {
    return [...this.#regions.values()];
  }

  get clicks() {
    return this.regions.reduce((sum, region) => sum + region.clicks, 0);
  }

  // Takes what changed in a region; returns all of its numbers.
  apply({ code, ...numbers }) {
    return Object.assign(this.#regions.get(code), numbers);
  }
}

export const frame = (type, fields) => JSON.stringify({ type, ...fields });

export const state = (regions, full) =>
  frame("state", { topic: "world", state: { age_ms: 0, full, regions } });

// People come and go: that is told once a second at most.
export function everySecond(count, tell) {
  let told = 0;
  setInterval(() => {
    const connections = count();
    if (connections !== told) tell({ people: connections, connections });
    told = connections;
  }, 1000);
}

export const HTML = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };

export function page({ clicks, regions }) {
  const people = regions.reduce((sum, region) => sum + region.people, 0);
  const rows = regions.map(
    ({ code, city, ...region }) => `
      <tr id="${code}"><th scope="row">${city}</th><td>${code}</td><td>${region.lat}, ${region.lng}</td>
        <td>${region.clicks}</td><td>${region.people}</td><td>${region.connections}</td></tr>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${clicks} clicks</title>
  <link rel="stylesheet" href="/page.css">
  <script type="module" src="/page.js"></script>
</head>
<body>
  <header><a href="/">Murmuration</a></header>
  <main>
    <h1>One number, shared by the whole world</h1>
    <p><output id="clicks">${clicks}</output> clicks so far</p>
    <p>${people} people online in ${regions.length} regions</p>
    <button type="button" value="1">+1</button> <button type="button" value="-1">−1</button>
    <table>
      <caption>Regions</caption>
      <thead><tr><th scope="col">City</th><th scope="col">Code</th><th scope="col">Place</th>
        <th scope="col">Clicks</th><th scope="col">People</th><th scope="col">Connections</th></tr></thead>
      <tbody>${rows.join("")}
      </tbody>
    </table>
  </main>
</body>
</html>
`;
}
