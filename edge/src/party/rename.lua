-- Renames a participant (after prelude.lua, membership.lua).
-- ARGV[1] the code   ARGV[2] the person   ARGV[3] the name
-- Returns their id; UNKNOWN or NOT_IN if nothing has changed.
local code, person, name = ARGV[1], ARGV[2], ARGV[3]
if redis.call('EXISTS', PARTY .. code) == 0 then return UNKNOWN end
local now_in, id = seat(person)
if now_in ~= code then return NOT_IN end
rename(code, id, name)
return tonumber(id)
