-- Leaves a party (after prelude.lua, membership.lua).
-- ARGV[1] the code   ARGV[2] the person
-- Returns the id that they had; UNKNOWN or NOT_IN if nothing has changed.
local code, person = ARGV[1], ARGV[2]
if redis.call('EXISTS', PARTY .. code) == 0 then return UNKNOWN end
local now_in, id = seat(person)
if now_in ~= code then return NOT_IN end
depart(person)
return tonumber(id)
