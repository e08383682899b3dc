-- Joins a party and leaves the person's present one (after prelude.lua, membership.lua).
-- ARGV[1] the code   ARGV[2] the person   ARGV[3] their name, '' for none   ARGV[4] the most participants
-- Returns { id; 1 if the person is new there }; UNKNOWN or FULL instead of the id if nothing has changed.
local code, person, name = ARGV[1], ARGV[2], ARGV[3]
if redis.call('EXISTS', PARTY .. code) == 0 then return { UNKNOWN, 0 } end

local now_in, id = seat(person)
if now_in == code then
  if name ~= '' then rename(code, id, name) else touch(code) end
  return { tonumber(id), 0 }
end

if tonumber(redis.call('HGET', PARTY .. code, 'count')) >= tonumber(ARGV[4]) then return { FULL, 0 } end
depart(person)
return { enter(code, person, name), 1 }
