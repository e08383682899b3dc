-- Stores a message for another cluster in that cluster's outbox (after outbox/prelude.lua).
-- ARGV[1] the message's id   ARGV[2] the most messages
-- ARGV[3] how long to remember the id, ms; 0 if it cannot come again   ARGV[4] the sender   ARGV[5] 1 if they are verified
-- ARGV[6..] the entry's fields and values
-- Returns { its cursor, the same for the same id; 1 if it is new; the message that it replaced, as its cursor and fields,
-- or nil }; FULL; or SHARE_USED, if others may still send.
-- One sender may take a tenth of the outbox, and so may all unverified ones, whose messages make room for others'.
local FULL, SHARE_USED = 0, 1
local seen = ARGV[3] ~= '0' and OUTBOX .. 'seen:' .. ARGV[1]
local known = seen and redis.call('GET', seen)
if known then return { known, 0, false } end

local most, is_verified = tonumber(ARGV[2]), ARGV[5] == '1'
local share = math.ceil(most / 10)
local is_greedy = tonumber(redis.call('HGET', SENDERS, ARGV[4]) or 0) >= share
if is_greedy or not is_verified and redis.call('ZCARD', UNVERIFIED) >= share then return SHARE_USED end
local replaced = false
if redis.call('XLEN', MESSAGES) >= most then
  if not is_verified then return FULL end
  -- The newest, unless it is being sent. Such are at most a batch, and older.
  for _, id in ipairs(redis.call('ZREVRANGE', UNVERIFIED, 0, 200)) do
    if not redis.call('ZSCORE', FLIGHT, id) then
      replaced = redis.call('XRANGE', MESSAGES, id, id)[1]
      break
    end
  end
  if not replaced then return FULL end
  discard(replaced[1], lane(replaced[2]))
end

local at = redis.call('XADD', MESSAGES, '*', unpack(ARGV, 6))
redis.call('HINCRBY', SENDERS, ARGV[4], 1)
if not is_verified then redis.call('ZADD', UNVERIFIED, string.match(at, '^%d+'), at) end
if seen then redis.call('SET', seen, at, 'PX', ARGV[3]) end
redis.call('SPUBLISH', OUTBOX .. 'changes', at)
return { at, 1, replaced }
