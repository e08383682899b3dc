-- Opens every script of the draw: names its keys, and what several of them do.
-- KEYS as redis/keys.rs lists them; POINTS begins the names of chunks, which are of the same slot.
-- ROUND is the running round: number, fence, began_ms (when its work began), started_ms, next_ms, players, points_max,
-- minimum, chunks. MAKING is the one that is made: number, fence, chunks, written. FENCE has the largest number of a
-- fence that was given, and of a round that ran, as far as Redis or any instance remembers.
local ROUND, MAKING, LEASE, FENCE, ASKED, POINTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local CHANGES = KEYS[7]

local time = redis.call('TIME')
local NOW_S, NOW_MS = tonumber(time[1]), time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number) return string.format('%.0f', number) end

local function chunk(number, fence, at) return POINTS .. number .. ':' .. fence .. ':' .. whole(at) end

local function publish() redis.call('PUBLISH', CHANGES, '') end

-- Takes note of a number that was given or seen; the largest until now.
local function note(field, seen)
  local most = tonumber(redis.call('HGET', FENCE, field) or -1)
  if tonumber(seen) <= most then return most end
  redis.call('HSET', FENCE, field, whole(seen))
  return tonumber(seen)
end

-- Takes away the round that is made, if there is one.
local function end_making()
  local number, fence, chunks = unpack(redis.call('HMGET', MAKING, 'number', 'fence', 'chunks'))
  for at = 0, (chunks or 0) - 1 do redis.call('UNLINK', chunk(number, fence, at)) end
  redis.call('DEL', MAKING)
end
