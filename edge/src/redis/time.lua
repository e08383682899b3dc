-- Opens most scripts: the time by Redis's clock, whole numbers as text (Lua would write large ones as 1e+15), and sums.
local time = redis.call('TIME')
local NOW_S, NOW_MS = tonumber(time[1]), time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number) return string.format('%.0f', number) end

-- Adds to a number in a hash, and returns the sum. Stores it instead of using HINCRBY: of a script that a crash cut short in
-- the append-only file, Redis may run a part once more when it loads that file for the second time (pull request 4342 of
-- Valkey), and a sum that is stored twice is the same.
local function add_to(key, field, number)
  local sum = (tonumber(redis.call('HGET', key, field)) or 0) + number
  redis.call('HSET', key, field, whole(sum))
  return sum
end
