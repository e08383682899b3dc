-- One beat of an instance; whoever beats also removes those that stopped (after prelude.lua).
-- ARGV[6] how old a beat may be, ms   ARGV[7] the history's step, ms   ARGV[8] its samples
-- Returns { the newest call that Redis knows of, 0 if the instance is not registered; epoch, revision,
-- event or '' }.
local known = newest_call()
if known > 0 then redis.call('ZADD', BEATS, NOW_MS, SELF) end

local codes, touched, gone = {}, {}, {}
for _, instance in ipairs(redis.call('ZRANGEBYSCORE', BEATS, '-inf', '(' .. whole(NOW_MS - ARGV[6]))) do
  local code = remove(instance)
  gone[#gone + 1] = instance
  if code and not touched[code] then
    touched[code] = true
    codes[#codes + 1] = code
  end
end
local event = ''
if #codes > 0 then event = publish(codes, gone) end

local step = whole(math.floor(NOW_MS / ARGV[7]))
if redis.call('HGET', META, 'step') ~= step then
  redis.call('HSET', META, 'step', step)
  local total = 0
  for _, clicks in ipairs(redis.call('HVALS', CLICKS)) do total = total + clicks end
  redis.call('RPUSH', HISTORY, whole(total))
  redis.call('LTRIM', HISTORY, -ARGV[8], -1)
end
return { whole(known), whole(epoch), whole(rev), event }
