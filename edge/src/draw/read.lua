-- Reads the state without the points (after prelude.lua).
-- Returns { the time, ms; the time of the last query in seconds, or 0; the round being made: { number, chunks, written } or
-- {}; the running round: { number, fence, started_ms, next_ms, players, points_max, minimum, chunks } or {} }.
local function fields(key, ...)
  local found = redis.call('HMGET', key, ...)
  return found[1] and found or {}
end
return {
  whole(NOW_MS), whole(math.min(redis.call('GET', ASKED) or 0, NOW_S)),
  fields(MAKING, 'number', 'chunks', 'written'),
  fields(ROUND, 'number', 'fence', 'started_ms', 'next_ms', 'players', 'points_max', 'minimum', 'chunks'),
}
