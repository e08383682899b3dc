-- Stores a message for another cluster, in that cluster's outbox.
-- KEYS[1] begins the names of the outbox's keys: messages, the stream; seen:ID, a message that came once stored;
--   changes, the channel: hints that there is something to send
-- ARGV[1] the message's id   ARGV[2] how many messages may wait
-- ARGV[3] how long to know that it came, ms; 0 where it cannot come again   ARGV[4..] the entry's fields and values
-- Returns { where it stands, the same for the same id; 1 if it came now }; or 0 where too many wait.
local OUTBOX = KEYS[1]
local seen = ARGV[3] ~= '0' and OUTBOX .. 'seen:' .. ARGV[1]
local known = seen and redis.call('GET', seen)
if known then return { known, 0 } end
if redis.call('XLEN', OUTBOX .. 'messages') >= tonumber(ARGV[2]) then return 0 end

local at = redis.call('XADD', OUTBOX .. 'messages', '*', unpack(ARGV, 4))
if seen then redis.call('SET', seen, at, 'PX', ARGV[3]) end
redis.call('PUBLISH', OUTBOX .. 'changes', at)
return { at, 1 }
