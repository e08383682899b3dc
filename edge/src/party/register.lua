-- Registers an instance, and forgets whom it held before (after prelude.lua, attendance.lua).
-- ARGV[2] the instance   ARGV[3] the call's number: the instance's later calls have larger ones
-- ARGV[4] how many persons to forget at once
-- Returns 1 once it is registered; 0 where there is more to forget: call again.
local instance, number = ARGV[2], tonumber(ARGV[3])
-- A later call has overtaken this one: its caller gave up on it long ago.
if number <= newest_call(instance) then return 1 end
if forget(instance, tonumber(ARGV[4])) == tonumber(ARGV[4]) then return 0 end
redis.call('HSET', CALLS, instance, ARGV[3])
redis.call('ZADD', BEATS, whole(NOW_MS), instance)
return 1
