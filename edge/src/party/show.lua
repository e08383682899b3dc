-- Reads parties (after prelude.lua).
-- ARGV[2..] their codes
-- Returns, for each code, { fields and values of the party, none where it is unknown; ids that are online }.
local found = {}
for at = 2, #ARGV do
  local fields, all = members(ARGV[at])
  local online = {}
  for _, member in ipairs(all) do
    if redis.call('HEXISTS', ATTENDING, member[2]) == 1 then online[#online + 1] = member[1] end
  end
  found[#found + 1] = { fields, online }
end
return found
