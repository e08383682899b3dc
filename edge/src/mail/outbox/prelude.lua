-- Opens every script of an outbox: names its keys.
-- KEYS[1] the prefix of the outbox's keys, all in one slot. Beside those below: seen:ID, the cursor of a stored message;
-- changes, the channel with a hint for each message.
local OUTBOX = KEYS[1]
-- The stream of messages, written by queue.lua. Those that the group has read are in FLIGHT or in a QUEUE.
local MESSAGES, GROUP, SENDER = OUTBOX .. 'messages', 'senders', 'sender'
-- The instance that sends, while the key exists.
local LEASE = OUTBOX .. 'lease'
-- A hash { until, failures, reason }: when the peer may be called again, and why not earlier.
local PEER = OUTBOX .. 'peer'
-- The last message whose sender knows why the peer is left alone.
local TOLD = OUTBOX .. 'told'
-- Messages taken and not settled, by their position in the batch.
local FLIGHT = OUTBOX .. 'flight'
-- A lane is what one sender wrote to one recipient, which stays in order. Lanes to skip, by the time of their next try;
-- the messages in each; each one's number of failures.
local HELD, QUEUE, FAILURES = OUTBOX .. 'held', OUTBOX .. 'queue:', OUTBOX .. 'failures'
-- For each message that was tried: the number of tries, a space, the reason of the last failure.
local TRIES = OUTBOX .. 'tries'

-- The number of messages of each sender; the messages of unverified senders, by their time.
local SENDERS, UNVERIFIED = OUTBOX .. 'from', OUTBOX .. 'unverified'

-- A field of a message.
local function value_of(fields, name)
  for at = 1, #fields, 2 do
    if fields[at] == name then return fields[at + 1] end
  end
  return ''
end

-- A message's lane.
local function lane(fields) return value_of(fields, 'from') .. ' ' .. value_of(fields, 'to') end

-- Removes a message for good.
local function remove(id)
  local entry = redis.call('XRANGE', MESSAGES, id, id)[1]
  local from = entry and value_of(entry[2], 'from')
  if from and redis.call('HINCRBY', SENDERS, from, -1) <= 0 then redis.call('HDEL', SENDERS, from) end
  redis.call('ZREM', UNVERIFIED, id)
  redis.call('ZREM', FLIGHT, id)
  redis.call('HDEL', TRIES, id)
  redis.call('XACK', MESSAGES, GROUP, id)
  redis.call('XDEL', MESSAGES, id)
end

-- Removes a message that has not been taken, wherever it is.
local function discard(id, to)
  remove(id)
  redis.call('LREM', QUEUE .. to, 1, id)
  if redis.call('LLEN', QUEUE .. to) == 0 then
    redis.call('ZREM', HELD, to)
    redis.call('HDEL', FAILURES, to)
  end
end
