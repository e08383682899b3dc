// Node: its HTTP server, `ws`, and ioredis.

import { createServer } from "node:http";
import { Redis } from "ioredis";
import { WebSocket, WebSocketServer } from "ws";
import { ADD, CHANNEL, CLICKS, HTML, World, everySecond, frame, page, settings, state } from "./world.js";

const { region } = settings;
const redis = new Redis(settings.redis, { enableAutoPipelining: true });
redis.defineCommand("addClick", { numberOfKeys: 1, lua: ADD });
const subscriber = redis.duplicate();
const world = new World(await redis.hgetall(CLICKS));

const server = createServer((request, response) => {
  if (request.url !== "/") return response.writeHead(404).end();
  response.writeHead(200, HTML).end(page(world));
});
const sockets = new WebSocketServer({ server, path: "/live" });

sockets.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("message", async (text) => {
    const { type, seq, by } = JSON.parse(text);
    if (type === "hello") {
      socket.send(frame("welcome", { version: 5, region, instance: region, beat_ms: 0, history: [] }));
      socket.send(state(world.regions, true));
    } else if (type === "click" && (by === 1 || by === -1)) {
      await redis.addClick(CLICKS, CHANNEL, region, by);
      socket.send(frame("ack", { seq }));
    }
  });
});

subscriber.on("message", (_channel, change) => {
  const text = Buffer.from(state([world.apply(JSON.parse(change))], false));
  for (const socket of sockets.clients) {
    if (socket.readyState === WebSocket.OPEN) socket.send(text, { binary: false });
  }
});
await subscriber.subscribe(CHANNEL);
everySecond(
  () => sockets.clients.size,
  (people) => redis.publish(CHANNEL, JSON.stringify({ code: region, ...people })),
);

server.listen(settings.port, settings.host);
