-- Puts the round that was made in the place of the running one, in one step (after prelude.lua).
-- ARGV[1] the fence; ARGV[2] the round's players; ARGV[3] the most points; ARGV[4] the minimum; ARGV[5] when its work
-- began; ARGV[6] the time from that to the next one's work, and ARGV[7] the least time from now to it, in ms; ARGV[8] for
-- how long the old chunks are kept, for those who load them, in ms.
-- Returns 1; 0 where that try is over, or a chunk is missing.
local fence = ARGV[1]
local old_number, old_fence, old = unpack(redis.call('HMGET', ROUND, 'number', 'fence', 'chunks'))
-- The answer to the first call was lost.
if old_fence == fence then return 1 end
local number, made, chunks = unpack(redis.call('HMGET', MAKING, 'number', 'fence', 'chunks'))
if made ~= fence then return 0 end
for at = 0, chunks - 1 do
  if redis.call('EXISTS', chunk(number, fence, at)) == 0 then return 0 end
end
for at = 0, (old or 0) - 1 do redis.call('PEXPIRE', chunk(old_number, old_fence, at), ARGV[8]) end
redis.call('HSET', ROUND, 'number', number, 'fence', fence, 'started_ms', whole(NOW_MS),
  'next_ms', whole(math.max(ARGV[5] + ARGV[6], NOW_MS + ARGV[7])), 'began_ms', ARGV[5],
  'players', ARGV[2], 'points_max', ARGV[3], 'minimum', ARGV[4], 'chunks', chunks)
note('number', number)
redis.call('DEL', MAKING)
publish()
return 1
