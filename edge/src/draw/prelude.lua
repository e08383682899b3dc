-- Opens every script of the draw: names its keys, and shares functions (after redis/time.lua).
-- KEYS in the order of keys.rs; POINTS is the prefix of chunks, which are in the same slot.
-- ROUND is the running round: number, fence, began_ms (when making it began), started_ms, next_ms, players, points_max,
-- minimum, chunks. MAKING is the one being made: number, fence, chunks, written. FENCE holds the highest number of a fence
-- given and of a round that ran, and how many players' numbers were given away, as far as Redis or any instance remembers.
local ROUND, MAKING, LEASE, FENCE, ASKED, POINTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local CHANGES = KEYS[7]

local function chunk(number, fence, at) return POINTS .. number .. ':' .. fence .. ':' .. whole(at) end

local function publish() redis.call('SPUBLISH', CHANGES, '') end

-- Records a number that was given or seen; returns the highest so far.
local function note(field, seen)
  local most = tonumber(redis.call('HGET', FENCE, field) or -1)
  if tonumber(seen) <= most then return most end
  redis.call('HSET', FENCE, field, whole(seen))
  return tonumber(seen)
end

-- Deletes the round being made, if any.
local function end_making()
  local number, fence, chunks = unpack(redis.call('HMGET', MAKING, 'number', 'fence', 'chunks'))
  for at = 0, (chunks or 0) - 1 do redis.call('UNLINK', chunk(number, fence, at)) end
  redis.call('DEL', MAKING)
end
