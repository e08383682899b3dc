-- Takes or renews the lease, and begins a round if one is due (after prelude.lua).
-- ARGV[1] the instance   ARGV[2] the lease, ms   ARGV[3] the highest round number that it has seen, -1 for none
-- ARGV[4] the highest fence number that it has seen   ARGV[5] the number of chunks of its rounds
-- ARGV[6] the longest time to the next round, ms   ARGV[7] how many players' numbers were given, as far as it knows
-- Returns {} if another instance holds the lease; { ms until a round is due }; or, if one is due and begun,
-- { 0, its number, its fence, the time }.
local instance, lease_ms = ARGV[1], ARGV[2]

-- No number that anybody has seen is used again, even if Redis came back empty or older.
local number, given = note('number', ARGV[3]), note('fence', ARGV[4])
note('given', ARGV[7])

local holder = redis.call('GET', LEASE)
if holder and holder ~= instance then
  -- If the clock was set back, the lease would outlast a dead holder.
  if redis.call('PTTL', LEASE) > tonumber(lease_ms) then redis.call('PEXPIRE', LEASE, lease_ms) end
  return {}
end
redis.call('SET', LEASE, instance, 'PX', lease_ms)

local running, next_ms = unpack(redis.call('HMGET', ROUND, 'number', 'next_ms'))
if running and tonumber(next_ms) > NOW_MS then
  -- A clock that was set back, or a longer former period, must not delay it beyond the present rule.
  if next_ms - NOW_MS > tonumber(ARGV[6]) then
    next_ms = NOW_MS + ARGV[6]
    redis.call('HSET', ROUND, 'next_ms', whole(next_ms))
    publish()
  end
  return { next_ms - NOW_MS }
end

number = whole(note('number', running or -1) + 1)
-- Each attempt has its own fence: late calls of an earlier one have no effect.
local fence = whole(note('fence', given + 1)) .. ':' .. instance
-- Leftovers of an earlier attempt.
end_making()
redis.call('HSET', MAKING, 'number', number, 'fence', fence, 'chunks', ARGV[5], 'written', 0)
return { 0, number, fence, whole(NOW_MS) }
