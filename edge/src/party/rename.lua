-- Gives a participant another name (after prelude.lua).
-- ARGV[2] the code   ARGV[3] the person   ARGV[4] the name
-- Returns their id; or UNKNOWN or NOT_IN, and then nothing has changed.
local code, person, name = ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', PARTY .. code) == 0 then return UNKNOWN end
local now_in, id = seat(person)
if now_in ~= code then return NOT_IN end
if redis.call('HGET', PARTY .. code, 'n:' .. id) ~= name then
  redis.call('HSET', PARTY .. code, 'n:' .. id, name)
  announce(code)
else
  redis.call('ZADD', TOUCHED, whole(NOW_MS), code)
end
return tonumber(id)
