-- Ends some of the parties that have been idle for too long (after prelude.lua, membership.lua).
-- ARGV[1] how long an idle party lasts, ms   ARGV[2] the most parties to look at
-- Returns 1 if there may be more.
local idle = redis.call('ZRANGEBYSCORE', TOUCHED, '-inf', '(' .. whole(NOW_MS - ARGV[1]), 'LIMIT', 0, ARGV[2])
for _, code in ipairs(idle) do
  local _, all = members(code)
  local online = false
  for _, member in ipairs(all) do online = online or is_online(member[2]) end
  if online then touch(code) else finish(code) end
end
return #idle == tonumber(ARGV[2]) and 1 or 0
