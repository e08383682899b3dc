// Node: Socket.IO with its Redis adapter, which carries what one server emits to the sockets of all, and ioredis.

import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { CLICKS, HTML, World, everySecond, page, settings } from "./world.js";

const { region } = settings;
const redis = new Redis(settings.redis, { enableAutoPipelining: true });
const world = new World(await redis.hgetall(CLICKS));

const server = createServer((request, response) => {
  if (request.url !== "/") return response.writeHead(404).end();
  response.writeHead(200, HTML).end(page(world));
});
const io = new Server(server, { adapter: createAdapter(redis.duplicate(), redis.duplicate()) });

// To the sockets of all servers, and to the other servers themselves, whose pages show it.
function tell(numbers) {
  const change = world.apply({ code: region, ...numbers });
  io.emit("world", { full: false, regions: [change] });
  io.serverSideEmit("world", change);
}
io.on("world", (change) => world.apply(change));

io.on("connection", (socket) => {
  socket.emit("world", { full: true, regions: world.regions });
  socket.on("click", async ({ by }, acknowledge) => {
    if (by !== 1 && by !== -1) return;
    tell({ clicks: await redis.hincrby(CLICKS, region, by) });
    acknowledge();
  });
});
everySecond(() => io.engine.clientsCount, tell);

server.listen(settings.port, settings.host);
