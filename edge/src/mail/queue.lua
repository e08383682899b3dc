-- Stores a message for another cluster in that cluster's outbox.
-- KEYS[1] the prefix of the outbox's keys: messages, the stream; seen:ID, the cursor of a stored message; changes, the
--   channel with a hint for each message
-- ARGV[1] the message's id   ARGV[2] the most messages
-- ARGV[3] how long to remember the id, ms; 0 if it cannot come again   ARGV[4..] the entry's fields and values
-- Returns { its cursor, the same for the same id; 1 if it is new; 0 }; 0 if the outbox is full.
local OUTBOX = KEYS[1]
local seen = ARGV[3] ~= '0' and OUTBOX .. 'seen:' .. ARGV[1]
local known = seen and redis.call('GET', seen)
if known then return { known, 0, 0 } end
if redis.call('XLEN', OUTBOX .. 'messages') >= tonumber(ARGV[2]) then return 0 end

local at = redis.call('XADD', OUTBOX .. 'messages', '*', unpack(ARGV, 4))
if seen then redis.call('SET', seen, at, 'PX', ARGV[3]) end
redis.call('PUBLISH', OUTBOX .. 'changes', at)
return { at, 1, 0 }
