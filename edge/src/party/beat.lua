-- One beat of an instance (after prelude.lua, attendance.lua).
-- ARGV[2] the instance   ARGV[3] how old a beat may be, ms   ARGV[4] how long a party lasts untouched, ms
-- Returns { the newest call that Redis knows of, 0 if the instance is not registered; 1 if there is something
-- to sweep }.
local known = newest_call(ARGV[2])
if known > 0 then redis.call('ZADD', BEATS, whole(NOW_MS), ARGV[2]) end
local silent = redis.call('ZCOUNT', BEATS, '-inf', '(' .. whole(NOW_MS - ARGV[3]))
local old = redis.call('ZCOUNT', TOUCHED, '-inf', '(' .. whole(NOW_MS - ARGV[4]))
return { known, silent + old > 0 and 1 or 0 }
