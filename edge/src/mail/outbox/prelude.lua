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

-- When to try again after so many failures: twice as late each time, up to the longest delay.
local function after(failures, first_ms, longest_ms, jitter)
  local delay = math.min(first_ms * 2 ^ math.min(failures - 1, 30), longest_ms)
  return whole(NOW_MS + math.ceil(delay * jitter))
end

-- Puts a message that was taken back before all others of its recipient, as tried once more. Not one that somebody
-- else has put back or settled since.
local function put_back(id, to, reason)
  if redis.call('ZREM', FLIGHT, id) == 0 then return false end
  local tries = string.match(redis.call('HGET', TRIES, id) or '0', '^%d+')
  redis.call('HSET', TRIES, id, whole(tries + 1) .. ' ' .. reason)
  redis.call('LPUSH', QUEUE .. to, id)
  return true
end

-- Forgets a message that needs no more tries.
local function remove(id)
  redis.call('ZREM', FLIGHT, id)
  redis.call('HDEL', TRIES, id)
  redis.call('XACK', MESSAGES, GROUP, id)
  redis.call('XDEL', MESSAGES, id)
end
