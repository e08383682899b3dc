-- Notes that a participant has seen the chat up to a message (after prelude.lua).
-- ARGV[1] the code   ARGV[2] the person   ARGV[3] the message's cursor   ARGV[4] the most messages after it to look at
-- Returns the participant's id; NOT_IN if nothing has changed. Where more messages follow, they have not seen the newest.
local code, person = ARGV[1], ARGV[2]
local now_in, id = seat(person)
if now_in ~= code then return NOT_IN end
local after = #redis.call('XRANGE', CHAT .. code, '(' .. ARGV[3], '+', 'COUNT', ARGV[4])
if after == tonumber(ARGV[4]) then return tonumber(id) end
local total, before = unpack(redis.call('HMGET', PARTY .. code, 'total', 's:' .. id))
local seen = (total or 0) - after
if seen > tonumber(before or 0) then
  redis.call('HSET', PARTY .. code, 's:' .. id, whole(seen))
  redis.call('SPUBLISH', UNREAD .. person, '')
end
return tonumber(id)
