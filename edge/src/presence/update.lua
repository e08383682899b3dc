-- Sets an instance's connections and people; registers the instance first if asked to (after registry.lua).
-- ARGV[6] the call's number, which grows with each call of the instance
-- ARGV[7] 0: an update; else the instance registers and its former people are removed, at most this many per call
-- ARGV[8] its region's place as a JSON object   ARGV[9] its number of connections   ARGV[10] its URL for visitors, '' not to be listed
-- ARGV[11] how many persons joined; then those persons, then those who left
-- Returns { event, '' if a later call has overtaken this one, whose caller gave up on it long ago; 1 if there are
-- more former people to remove, and the rest is not done yet: call again }.
-- Error UNREGISTERED if an unknown instance sends an update.
if tonumber(ARGV[6]) <= newest_call() then return { '', 0 } end
local most = tonumber(ARGV[7])
if most > 0 then
  if remove_people(SELF, CODE, most) == most then return { publish({ CODE }, {}), 1 } end
  redis.call('HSET', PLACES, CODE, ARGV[8])
  if newest_call() == 0 then
    redis.call('HSET', INSTANCES, SELF, CODE .. ' 0 0 ')
  end
  redis.call('ZADD', BEATS, whole(NOW_MS), SELF)
end

local _, connections, _, url = registered(SELF)
if not connections then return redis.error_reply('UNREGISTERED this instance is not registered') end
redis.call('HSET', INSTANCES, SELF, CODE .. ' ' .. ARGV[9] .. ' ' .. ARGV[6] .. ' ' .. ARGV[10])
add_to(CONNECTIONS, CODE, ARGV[9] - connections)
if (url == '') ~= (ARGV[10] == '') then add_to(LIVE, CODE, ARGV[10] == '' and -1 or 1) end

local left = 12 + ARGV[11]
for at = 12, left - 1 do add_person(SELF, CODE, ARGV[at]) end
for at = left, #ARGV do
  if redis.call('SREM', HELD .. SELF, ARGV[at]) == 1 then remove_person(CODE, ARGV[at]) end
end
return { publish({ CODE }, { SELF }), 0 }
