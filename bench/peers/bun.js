// Bun: its own WebSocket server with topics, and its own Redis client.

import { RedisClient } from "bun";
import { ADD, CHANNEL, CLICKS, HTML, World, everySecond, frame, page, settings, state } from "./world.js";

const { region } = settings;
const redis = new RedisClient(settings.redis);
await redis.connect();
const subscriber = await redis.duplicate();
const add = await redis.send("SCRIPT", ["LOAD", ADD]);
const world = new World(await redis.hgetall(CLICKS));

const server = Bun.serve({
  hostname: settings.host,
  port: settings.port,
  routes: { "/": () => new Response(page(world), { headers: HTML }) },
  fetch(request, server) {
    if (new URL(request.url).pathname === "/live" && server.upgrade(request)) return;
    return new Response("Not found", { status: 404 });
  },
  websocket: {
    async message(socket, text) {
      const { type, seq, by } = JSON.parse(text);
      if (type === "hello") {
        socket.send(frame("welcome", { version: 5, region, instance: region, beat_ms: 0, history: [] }));
        socket.send(state(world.regions, true));
        socket.subscribe(CHANNEL);
      } else if (type === "click" && (by === 1 || by === -1)) {
        await redis.send("EVALSHA", [add, "1", CLICKS, CHANNEL, region, String(by)]);
        socket.send(frame("ack", { seq }));
      }
    },
  },
});

await subscriber.subscribe(CHANNEL, (change) => {
  server.publish(CHANNEL, state([world.apply(JSON.parse(change))], false));
});
everySecond(
  () => server.pendingWebSockets,
  (people) => redis.publish(CHANNEL, JSON.stringify({ code: region, ...people })),
);
