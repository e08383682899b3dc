-- Asks the sender's mailbox whether a message may be sent (after prelude.lua, owner.lua).
-- ARGV[1] token's hash, ARGV[2] person: '' for none   ARGV[3] an id for the message   ARGV[4] the most per minute
-- ARGV[5] the idempotency key's hash, '' for none   ARGV[6] the message's digest   ARGV[7] how long to remember the key, ms
-- Returns { the message's id, 1 if the sender is verified }, the same for the same key; NOT_OWNER; KEY_REUSED; or in how
-- many ms to retry.
local claimed, theirs = owned(ARGV[1], ARGV[2])
if claimed and not theirs then return NOT_OWNER end

local key = ARGV[5] ~= '' and AT .. 'key:' .. ARGV[5]
local known = key and redis.call('GET', key)
if known then
  local id, verified, digest = string.match(known, '^(%x+) (%d) (%x+)$')
  if digest ~= ARGV[6] then return KEY_REUSED end
  return { id, tonumber(verified) }
end

local count = redis.call('INCR', AT .. 'sent')
if count == 1 then redis.call('PEXPIRE', AT .. 'sent', 60000) end
if count > tonumber(ARGV[4]) then return math.max(redis.call('PTTL', AT .. 'sent'), 1) end
local verified = claimed and 1 or 0
if key then redis.call('SET', key, ARGV[3] .. ' ' .. verified .. ' ' .. ARGV[6], 'PX', ARGV[7]) end
return { ARGV[3], verified }
