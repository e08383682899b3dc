-- Sets an instance's connections and people, and registers the instance where that is new
-- (after prelude.lua).
-- ARGV[6] the call's number: the instance's later calls have larger ones
-- ARGV[7] 1: the instance registers, everything known of it before is forgotten; 0: it changes
-- ARGV[8] its region's place as a JSON object   ARGV[9] its connections
-- ARGV[10] where visitors reach it, a URL
-- ARGV[11] how many persons joined; then these persons, then those who left
-- Returns the event, or '' where a later call has overtaken this one: its caller gave up on it long ago.
-- Error UNREGISTERED where an unknown instance changes.
if tonumber(ARGV[6]) <= newest_call() then return '' end
if ARGV[7] == '1' then
  remove(SELF)
  redis.call('HSET', PLACES, CODE, ARGV[8])
  redis.call('HSET', INSTANCES, SELF, CODE .. ' 0 0 ' .. ARGV[10])
  redis.call('HINCRBY', LIVE, CODE, 1)
  redis.call('ZADD', BEATS, NOW_MS, SELF)
end

local entry = redis.call('HGET', INSTANCES, SELF)
if not entry then return redis.error_reply('UNREGISTERED this instance is not registered') end
redis.call('HSET', INSTANCES, SELF, CODE .. ' ' .. ARGV[9] .. ' ' .. ARGV[6] .. ' ' .. ARGV[10])
redis.call('HINCRBY', CONNECTIONS, CODE, ARGV[9] - string.match(entry, ' (%d+) '))

local left = 12 + ARGV[11]
for at = 12, left - 1 do
  if redis.call('SADD', HELD .. SELF, ARGV[at]) == 1 then
    redis.call('HINCRBY', PEOPLE .. CODE, ARGV[at], 1)
  end
end
for at = left, #ARGV do
  if redis.call('SREM', HELD .. SELF, ARGV[at]) == 1
    and redis.call('HINCRBY', PEOPLE .. CODE, ARGV[at], -1) <= 0 then
    redis.call('HDEL', PEOPLE .. CODE, ARGV[at])
  end
end
return publish({ CODE }, { SELF })
