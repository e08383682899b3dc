-- Joins a party, and leaves the one the person is in (after prelude.lua, membership.lua).
-- ARGV[2] the code   ARGV[3] the person   ARGV[4] their name, '' for none   ARGV[5] most participants
-- Returns { id, 1 if the person is new there }; UNKNOWN or FULL for the id, and then nothing has changed.
local code, person, name = ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', PARTY .. code) == 0 then return { UNKNOWN, 0 } end

local now_in, id = seat(person)
if now_in == code then
  if name ~= '' and redis.call('HGET', PARTY .. code, 'n:' .. id) ~= name then
    redis.call('HSET', PARTY .. code, 'n:' .. id, name)
    announce(code)
  else
    redis.call('ZADD', TOUCHED, whole(NOW_MS), code)
  end
  return { tonumber(id), 0 }
end

if tonumber(redis.call('HGET', PARTY .. code, 'count')) >= tonumber(ARGV[5]) then return { FULL, 0 } end
depart(person)
return { enter(code, person, name), 1 }
