-- Reads parties (after prelude.lua).
-- ARGV their codes
-- Returns for each code { the party's fields and values, none if it is unknown; the ids of those online, each with the
-- code of the region that serves them or '' }.
local found = {}
for _, code in ipairs(ARGV) do
  local fields, all = members(code)
  local online = {}
  for _, member in ipairs(all) do
    if is_online(member[2]) then
      online[#online + 1] = member[1]
      online[#online + 1] = redis.call('HGET', SERVED, member[2]) or ''
    end
  end
  found[#found + 1] = { fields, online }
end
return found
