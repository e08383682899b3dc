-- The secret that persons follow from, sealed with each secret that an instance was told (after redis/time.lua). Of two,
-- the older one counts.
-- KEYS[1] a hash: sealed texts by names, and 'made', when the secret was made, ms; missing for one of an earlier version,
-- which is older than any other   KEYS[2] the channel of changes, which every instance follows
-- ARGV[1] when the secret that the instance knows was made, '' if it knows none or a fresh one
-- ARGV[2] for how long others may tell of an older one, ms   ARGV[3..] names and texts in turn, to be kept
-- Returns { the hash, as a flat list; when the secret was made; 1 if others may still tell of an older one }.
local made = tonumber(redis.call('HGET', KEYS[1], 'made'))
if not made and redis.call('EXISTS', KEYS[1]) == 1 then made = 0 end
local mine, alone = tonumber(ARGV[1]), false
if #ARGV > 2 then
  -- A secret that is not the older one may be kept beside it, under names that are free.
  local set = 'HSETNX'
  if not made or mine and mine <= made then
    set, made = 'HSET', mine or NOW_MS
    redis.call('HSET', KEYS[1], 'made', whole(made))
  end
  for at = 3, #ARGV, 2 do redis.call(set, KEYS[1], ARGV[at], ARGV[at + 1]) end
  alone = redis.call('SPUBLISH', KEYS[2], 1) <= 1
end
local age = NOW_MS - (made or NOW_MS)
local is_open = not mine and not alone and age >= 0 and age < tonumber(ARGV[2])
return { redis.call('HGETALL', KEYS[1]), whole(made or NOW_MS), is_open and 1 or 0 }
