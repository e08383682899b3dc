-- Says something in a party's room (after prelude.lua).
-- ARGV[2] the code   ARGV[3] the person   ARGV[4] the text   ARGV[5] how many lines a room keeps
-- ARGV[6] begins the names of the channels of rooms, one a party
-- Returns { id, the name that they gave or '', the line's cursor }; UNKNOWN or NOT_IN for the id, and then
-- nothing has changed.
local code, person, text, most, said = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if redis.call('EXISTS', PARTY .. code) == 0 then return { UNKNOWN, '', '' } end
local now_in, id = seat(person)
if now_in ~= code then return { NOT_IN, '', '' } end

local name = redis.call('HGET', PARTY .. code, 'n:' .. id) or ''
local cursor = redis.call('XADD', CHAT .. code, 'MAXLEN', most, '*', 'id', id, 'name', name, 'text', text)
redis.call('ZADD', TOUCHED, whole(NOW_MS), code)
-- The party is the same as before: only who shows the room reads something anew.
redis.call('PUBLISH', said .. code, cursor)
return { tonumber(id), name, cursor }
