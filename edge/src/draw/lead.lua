-- Leads, where nobody else does, and begins a round where one is due (after prelude.lua).
-- ARGV[1] the instance; ARGV[2] how long a lease lasts, in ms; ARGV[3] the number of the newest round that it knows,
-- -1 for none; ARGV[4] the number in the newest fence that it knows; ARGV[5] the chunks that its rounds have.
-- Returns { } where another leads; { ms until a round is due }; or, where one is due from now on in this instance's
-- hands, { 0, its number, its fence, the time }.
local instance, lease_ms = ARGV[1], ARGV[2]
local holder = redis.call('GET', LEASE)
if holder and holder ~= instance then return {} end
redis.call('SET', LEASE, instance, 'PX', lease_ms)

local known = tonumber(ARGV[3])
local number, next_ms = unpack(redis.call('HMGET', ROUND, 'number', 'next_ms'))
if number and tonumber(next_ms) > NOW_MS then return { next_ms - NOW_MS } end

-- Numbers never come again, also where Redis came back empty or older.
number = whole(math.max(tonumber(number or -1), known) + 1)
-- Each try has a fence of its own: what was sent in an earlier one, and comes late, is of no effect.
local given = string.match(redis.call('GET', FENCE) or '0', '^%d+')
local fence = whole(math.max(tonumber(given), tonumber(ARGV[4])) + 1) .. ':' .. instance
redis.call('SET', FENCE, fence)

-- What an earlier try has left.
local left_number, left_fence, left = unpack(redis.call('HMGET', MAKING, 'number', 'fence', 'chunks'))
for at = 0, (left or 0) - 1 do redis.call('UNLINK', chunk(left_number, left_fence, at)) end
redis.call('HSET', MAKING, 'number', number, 'fence', fence, 'chunks', ARGV[5], 'written', 0)
return { 0, number, fence, whole(NOW_MS) }
