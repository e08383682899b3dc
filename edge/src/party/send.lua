-- Sends a chat message (after prelude.lua).
-- ARGV[1] the code   ARGV[2] the person   ARGV[3] the text   ARGV[4] how many messages a chat keeps
-- ARGV[5] the message's id   ARGV[6] how long to remember the id, ms: a retry with the same id adds nothing; 0: not at all
-- ARGV[7] for how long a chat keeps messages, ms
-- Returns { the participant's id; the name that they gave or ''; the message's cursor }; UNKNOWN, NOT_IN or KEY_REUSED
-- instead of the participant's id if nothing has changed.
local code, person, text, most, id, remember_ms = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local known_as = CHAT .. code .. ':' .. id
if redis.call('EXISTS', PARTY .. code) == 0 then return { UNKNOWN, '', '' } end

local known = redis.call('GET', known_as)
if known then
  local cursor, seat_id, digest, name = string.match(known, '^(%S+) (%d+) (%x+) (.*)$')
  if digest ~= redis.sha1hex(text) then return { KEY_REUSED, '', '' } end
  return { tonumber(seat_id), name, cursor }
end
local now_in, seat_id = seat(person)
if now_in ~= code then return { NOT_IN, '', '' } end

local name = redis.call('HGET', PARTY .. code, 'n:' .. seat_id) or ''
local cursor = redis.call('XADD', CHAT .. code, 'MAXLEN', most, '*', 'id', seat_id, 'name', name, 'text', text,
  'message', id)
-- A party may be kept alive for ever, so its messages must not be.
redis.call('XTRIM', CHAT .. code, 'MINID', whole(NOW_MS - ARGV[7]))
redis.call('PEXPIRE', CHAT .. code, ARGV[7])
if remember_ms ~= '0' then
  local value = table.concat({ cursor, seat_id, redis.sha1hex(text), name }, ' ')
  redis.call('SET', known_as, value, 'PX', remember_ms)
end
touch(code)
-- Whoever writes has seen the rest.
redis.call('HSET', PARTY .. code, 's:' .. seat_id, add_to(PARTY .. code, 'total', 1))
local _, all = members(code)
for _, member in ipairs(all) do redis.call('SPUBLISH', UNREAD .. member[2], '') end
-- Not announce(): the party itself has not changed, so only those who watch the chat read again.
redis.call('SPUBLISH', CHATS .. code, cursor)
return { tonumber(seat_id), name, cursor }
