-- Sends a chat message (after prelude.lua).
-- ARGV[2] the code   ARGV[3] the person   ARGV[4] the text   ARGV[5] how many messages a chat keeps
-- ARGV[6] begins the names of the channels of chats, one a party   ARGV[7] the message's id
-- ARGV[8] for how long to remember the id, ms: a retry under the same id adds nothing. 0: not at all
-- Returns { the participant's id, the name that they gave or '', the message's cursor }; UNKNOWN, NOT_IN or
-- KEY_REUSED in place of the participant's id, and then nothing has changed.
local code, person, text, most, chats, id, remember_ms = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
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
if remember_ms ~= '0' then
  local value = table.concat({ cursor, seat_id, redis.sha1hex(text), name }, ' ')
  redis.call('SET', known_as, value, 'PX', remember_ms)
end
redis.call('ZADD', TOUCHED, whole(NOW_MS), code)
-- The party is the same as before: only who watches the chat reads something anew.
redis.call('PUBLISH', chats .. code, cursor)
return { tonumber(seat_id), name, cursor }
