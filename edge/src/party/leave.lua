-- Leaves a party (after prelude.lua, membership.lua).
-- ARGV[2] the code   ARGV[3] the person
-- Returns the id that they had; or UNKNOWN or NOT_IN, and then nothing has changed.
local code, person = ARGV[2], ARGV[3]
if redis.call('EXISTS', PARTY .. code) == 0 then return UNKNOWN end
local now_in, id = seat(person)
if now_in ~= code then return NOT_IN end
depart(person)
return tonumber(id)
