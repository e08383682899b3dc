-- The secret that all instances share, made by the first that asks (after redis/time.lua). Of two, the older one counts.
-- KEYS[1] the secret   KEYS[2] when it was made, ms; missing for one of an earlier version, which is older than any other
-- KEYS[3] the channel of changes, which every instance follows
-- ARGV[1] the secret that the instance knows, or a fresh one   ARGV[2] when that was made, '' if it is fresh
-- ARGV[3] for how long others may tell of an older one, ms
-- Returns { the secret; when it was made; 1 if others may still tell of an older one }.
local secret, made = redis.call('GET', KEYS[1]), tonumber(redis.call('GET', KEYS[2]) or 0)
local mine, alone = tonumber(ARGV[2]), false
if not secret or mine and (mine < made or mine == made and ARGV[1] < secret) then
  secret, made = ARGV[1], mine or NOW_MS
  redis.call('SET', KEYS[1], secret)
  redis.call('SET', KEYS[2], whole(made))
  alone = redis.call('SPUBLISH', KEYS[3], 1) <= 1
end
local age = NOW_MS - made
local is_open = not mine and not alone and age >= 0 and age < tonumber(ARGV[3])
return { secret, whole(made), is_open and 1 or 0 }
