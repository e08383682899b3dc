-- Sets who attends on an instance (after prelude.lua, attendance.lua).
-- ARGV[2] the instance   ARGV[3] the call's number: the instance's later calls have larger ones
-- ARGV[4] how many persons came; then these persons, then those who went
-- Returns 1, or 0 where a later call has overtaken this one. Error UNREGISTERED where the instance is unknown.
local instance, newest = ARGV[2], newest_call(ARGV[2])
if newest == 0 then return redis.error_reply('UNREGISTERED this instance is not registered') end
if tonumber(ARGV[3]) <= newest then return 0 end
redis.call('HSET', CALLS, instance, ARGV[3])

local went = 5 + ARGV[4]
for at = 5, went - 1 do arrive(instance, ARGV[at]) end
for at = went, #ARGV do
  if redis.call('SREM', HELD .. instance, ARGV[at]) == 1 then go(ARGV[at]) end
end
return 1
