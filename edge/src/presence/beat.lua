-- One heartbeat of an instance. It also removes instances whose heartbeat is too old, up to a number of people
-- (after registry.lua).
-- ARGV[6] the age at which a heartbeat is too old, ms   ARGV[7] the most people to remove
-- ARGV[8] how long an idle party lasts, ms   ARGV[9] the history's step, ms   ARGV[10] its number of samples
-- ARGV[11] the codes of no party that were named to the instance since its last heartbeat
-- Returns { the instance's newest call that Redis knows, 0 if the instance is not registered; epoch; revision; event
-- or ''; 1 if there are more people to remove; 1 if there are idle parties;
-- about how many codes of no party were named to all instances in the last minute }.
local known, most = newest_call(), tonumber(ARGV[7])

-- Nobody can have beaten in the future: Redis's clock was set back. Heartbeats are as old then as they were when the
-- newest of them came, which is the last time that is known.
local newest = tonumber(redis.call('ZRANGE', BEATS, 0, 0, 'REV', 'WITHSCORES')[2]) or 0
if newest > NOW_MS then
  local later = redis.call('ZRANGE', BEATS, '(' .. whole(NOW_MS), '+inf', 'BYSCORE', 'WITHSCORES')
  for at = 1, #later, 2 do redis.call('ZADD', BEATS, whole(later[at + 1] - newest + NOW_MS), later[at]) end
end
if known > 0 then redis.call('ZADD', BEATS, whole(NOW_MS), SELF) end

local codes, touched, gone = {}, {}, {}
local too_old = '(' .. whole(NOW_MS - ARGV[6])
for _, instance in ipairs(redis.call('ZRANGEBYSCORE', BEATS, '-inf', too_old, 'LIMIT', 0, most)) do
  local code, count = remove_instance(instance, most)
  gone[#gone + 1] = instance
  if code and not touched[code] then
    touched[code] = true
    codes[#codes + 1] = code
  end
  -- An instance without people takes time as well.
  most = most - math.max(count, 1)
  if most <= 0 then break end
end
local event = ''
if #codes > 0 then event = publish(codes, gone) end

local step = whole(math.floor(NOW_MS / ARGV[9]))
if redis.call('HGET', META, 'step') ~= step then
  redis.call('HSET', META, 'step', step)
  local total = 0
  for _, clicks in ipairs(redis.call('HVALS', CLICKS)) do total = total + clicks end
  redis.call('RPUSH', HISTORY, whole(total))
  redis.call('LTRIM', HISTORY, -ARGV[10], -1)
end
local idle = redis.call('ZCOUNT', TOUCHED, '-inf', '(' .. whole(NOW_MS - ARGV[8]))

-- A number that fades, and its time: at a steady rate it is what comes in a minute.
local count, at = string.match(redis.call('HGET', META, 'misses') or '0 0', '^(%S+) (%d+)$')
local misses = count * math.exp(math.min(at - NOW_MS, 0) / 60000) + ARGV[11]
if ARGV[11] ~= '0' then
  redis.call('HSET', META, 'misses', string.format('%.3f ', misses) .. whole(NOW_MS))
end
return { whole(known), whole(epoch), whole(rev), event, most <= 0 and 1 or 0, idle > 0 and 1 or 0,
  math.floor(misses) }
