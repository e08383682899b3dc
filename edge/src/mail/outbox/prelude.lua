-- Opens every script for sending an outbox: names its keys (after redis/time.lua).
-- KEYS[1] the prefix of the outbox's keys, all in one slot.
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
-- Recipients to skip, by the time of their next try; the messages for each; each one's number of failures.
local HELD, QUEUE, FAILURES = OUTBOX .. 'held', OUTBOX .. 'queue:', OUTBOX .. 'failures'
-- For each message that was tried: the number of tries, a space, the reason of the last failure.
local TRIES = OUTBOX .. 'tries'

-- A message's recipient.
local function recipient(fields)
  for at = 1, #fields, 2 do
    if fields[at] == 'to' then return fields[at + 1] end
  end
  return ''
end

-- Removes a message for good.
local function remove(id)
  redis.call('ZREM', FLIGHT, id)
  redis.call('HDEL', TRIES, id)
  redis.call('XACK', MESSAGES, GROUP, id)
  redis.call('XDEL', MESSAGES, id)
end
