-- Opens every script of an outbox that a sender calls: names its keys.
-- KEYS[1] begins their names, all in the outbox's slot.
local OUTBOX = KEYS[1]
-- The stream of messages, as queue.lua writes it. Those that its group was given stand in FLIGHT or in a QUEUE.
local MESSAGES, GROUP, SENDER = OUTBOX .. 'messages', 'senders', 'sender'
-- Which instance sends, for as long as the key lives.
local LEASE = OUTBOX .. 'lease'
-- { until, failures, reason }: when the peer may be called again, and why not before.
local PEER = OUTBOX .. 'peer'
-- The last message whose sender was told that the peer is left alone, and why.
local TOLD = OUTBOX .. 'told'
-- Messages that were taken and not settled, by their place in the batch.
local FLIGHT = OUTBOX .. 'flight'
-- Recipients who are passed over, by when they have their turn; the messages for each; how often each said later.
local HELD, QUEUE, FAILURES = OUTBOX .. 'held', OUTBOX .. 'queue:', OUTBOX .. 'failures'
-- Of a message that was tried: how often, a space, and why that did not help.
local TRIES = OUTBOX .. 'tries'

local time = redis.call('TIME')
local NOW_MS = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number) return string.format('%.0f', number) end

-- Whom a message is for.
local function recipient(fields)
  for at = 1, #fields, 2 do
    if fields[at] == 'to' then return fields[at + 1] end
  end
  return ''
end

-- Forgets a message that needs no more tries.
local function remove(id)
  redis.call('ZREM', FLIGHT, id)
  redis.call('HDEL', TRIES, id)
  redis.call('XACK', MESSAGES, GROUP, id)
  redis.call('XDEL', MESSAGES, id)
end
