-- Removes a part of what is over: instances that stopped beating, with those they held, and parties that
-- nobody has touched (after prelude.lua, membership.lua, attendance.lua).
-- ARGV[2] how old a beat may be, ms   ARGV[3] how long a party lasts untouched, ms
-- ARGV[4] persons and ARGV[5] parties at most
-- Returns 1 if there may be more.
local persons, parties = tonumber(ARGV[4]), tonumber(ARGV[5])
local function older(set, ms, most)
  return redis.call('ZRANGEBYSCORE', set, '-inf', '(' .. whole(NOW_MS - ms), 'LIMIT', 0, most)
end

for _, instance in ipairs(older(BEATS, ARGV[2], persons)) do
  -- An instance that held nobody takes time as well.
  persons = persons - math.max(forget(instance, persons), 1)
  if persons <= 0 then return 1 end
end

local old = older(TOUCHED, ARGV[3], parties)
for _, code in ipairs(old) do
  local _, all = members(code)
  local online = false
  for _, member in ipairs(all) do
    online = online or redis.call('HEXISTS', ATTENDING, member[2]) == 1
  end
  if online then redis.call('ZADD', TOUCHED, whole(NOW_MS), code) else finish(code) end
end
return #old == parties and 1 or 0
