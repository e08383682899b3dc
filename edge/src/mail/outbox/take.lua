-- Takes or renews the lease and reads what is due (after prelude.lua, batch.lua).
-- ARGV[1] the instance   ARGV[2] the lease in ms   ARGV[3] the most messages   ARGV[4] the most bytes
-- ARGV[5] how long a message may wait, in ms
-- Returns { kind, ms to wait, { { id, fields, tries and reason }.. } }. Kinds: 0 another instance holds the lease;
-- 1 these have waited too long, and nothing else is read until they are removed; 2 these are due; 3 the outbox is empty;
-- 4 the peer is left alone, and the senders of these must be told.
local ENTRIES_MAX, BYTES_MAX, KEEP_MS = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
-- The most messages to look at in one call.
local LOOKS_MAX = 1000

if (redis.call('GET', LEASE) or ARGV[1]) ~= ARGV[1] then return { 0, redis.call('PTTL', LEASE), {} } end
local oldest = redis.call('XRANGE', MESSAGES, '-', '+', 'COUNT', 1)[1]
if not oldest then
  redis.call('DEL', LEASE)
  return { 3, 0, {} }
end
redis.call('SET', LEASE, ARGV[1], 'PX', ARGV[2])
redis.pcall('XGROUP', 'CREATE', MESSAGES, GROUP, '0')

local peer = redis.call('HMGET', PEER, 'until', 'failures')
local limit = NOW_MS - KEEP_MS
add_all('-', whole(limit), ENTRIES_MAX)
if #found > 0 then return { 1, 0, found } end
local first_ends = string.match(oldest[1], '^%d+') - limit
local pause = (tonumber(peer[1]) or 0) - NOW_MS
if pause > 0 then
  add_all('(' .. (redis.call('GET', TOLD) or '0-0'), '+', ENTRIES_MAX)
  return { #found > 0 and 4 or 2, math.min(pause, first_ends), found }
end

-- Messages taken but not settled by an instance that was killed.
for _, id in ipairs(redis.call('ZRANGE', FLIGHT, 0, -1)) do take(id) end
if #found > 0 then return { 2, 0, found } end
-- A failing peer gets smaller and smaller batches, since one message may be the cause.
local room = math.max(1, math.floor(ENTRIES_MAX / 2 ^ math.min(tonumber(peer[2]) or 0, 30)))
local function has_room(most) return #found < most and bytes < BYTES_MAX end

for _, to in ipairs(redis.call('ZRANGEBYSCORE', HELD, '-inf', whole(NOW_MS), 'LIMIT', 0, room)) do
  while has_room(math.ceil(room / 2)) do
    local id = redis.call('LPOP', QUEUE .. to)
    if not id then break end
    take(id)
  end
  if redis.call('LLEN', QUEUE .. to) == 0 then redis.call('ZREM', HELD, to) end
end
local looks = 0
while has_room(room) and looks < LOOKS_MAX do
  local id, to = read_next()
  if not id then break end
  looks = looks + 1
  if redis.call('ZSCORE', HELD, to) then
    redis.call('RPUSH', QUEUE .. to, id)
  else
    take(id)
  end
end
if #found > 0 or looks == LOOKS_MAX then return { 2, 0, found } end
local next_turn = redis.call('ZRANGE', HELD, 0, 0, 'WITHSCORES')[2]
local turn = next_turn and math.max(0, next_turn - NOW_MS) or first_ends
return { 2, math.min(turn, first_ends), {} }
