-- Leads, where nobody else does, and begins a round where one is due (after prelude.lua).
-- ARGV[1] the instance; ARGV[2] how long a lease lasts, in ms; ARGV[3] the largest number of a round that it has seen,
-- -1 for none; ARGV[4] the largest number of a fence that it has seen; ARGV[5] the chunks that its rounds have; ARGV[6]
-- the longest that a round can be away, in ms.
-- Returns { } where another leads; { ms until a round is due }; or, where one is due from now on in this instance's
-- hands, { 0, its number, its fence, the time }.
local instance, lease_ms = ARGV[1], ARGV[2]

-- What anybody has seen is not given again, also where Redis came back empty or older.
local number, given = note('number', ARGV[3]), note('fence', ARGV[4])

local holder = redis.call('GET', LEASE)
if holder and holder ~= instance then
  -- A clock that was set back would have it wait for one that is gone.
  if redis.call('PTTL', LEASE) > tonumber(lease_ms) then redis.call('PEXPIRE', LEASE, lease_ms) end
  return {}
end
redis.call('SET', LEASE, instance, 'PX', lease_ms)

local running, next_ms = unpack(redis.call('HMGET', ROUND, 'number', 'next_ms'))
if running and tonumber(next_ms) > NOW_MS then
  -- A clock that was set back, or a longer period before, do not hold it up beyond what is the rule now.
  if next_ms - NOW_MS > tonumber(ARGV[6]) then
    next_ms = NOW_MS + ARGV[6]
    redis.call('HSET', ROUND, 'next_ms', whole(next_ms))
    publish()
  end
  return { next_ms - NOW_MS }
end

number = whole(note('number', running or -1) + 1)
-- Each try has a fence of its own: what was sent in an earlier one, and comes late, is of no effect.
local fence = whole(note('fence', given + 1)) .. ':' .. instance
-- What an earlier try has left.
end_making()
redis.call('HSET', MAKING, 'number', number, 'fence', fence, 'chunks', ARGV[5], 'written', 0)
return { 0, number, fence, whole(NOW_MS) }
