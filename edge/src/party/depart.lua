-- Forgets an instance that shuts down (after prelude.lua, attendance.lua).
-- ARGV[2] the instance   ARGV[3] how many persons at most
-- Returns 1 once nothing is left; 0 where there is more: call again.
return forget(ARGV[2], tonumber(ARGV[3])) < tonumber(ARGV[3]) and 1 or 0
