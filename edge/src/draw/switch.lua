-- Puts the round that was made in the place of the running one, in one step (after prelude.lua).
-- ARGV[1] the fence; ARGV[2] the round's number; ARGV[3] its players; ARGV[4] the most points; ARGV[5] the minimum;
-- ARGV[6] its chunks; ARGV[7] when its work began; ARGV[8] the time from that to the next one's work, and ARGV[9] the
-- least time from now to it, in ms; ARGV[10] for how long the old chunks are kept, for those who load them, in ms.
-- Returns 1; 0 where that try is over, or a chunk is missing.
local fence, number, chunks = ARGV[1], ARGV[2], tonumber(ARGV[6])
local old_number, old_fence, old = unpack(redis.call('HMGET', ROUND, 'number', 'fence', 'chunks'))
-- The answer to the first call was lost.
if old_fence == fence then return 1 end
if redis.call('HGET', MAKING, 'fence') ~= fence then return 0 end
for at = 0, chunks - 1 do
  if redis.call('EXISTS', chunk(number, fence, at)) == 0 then return 0 end
end
for at = 0, (old or 0) - 1 do redis.call('PEXPIRE', chunk(old_number, old_fence, at), ARGV[10]) end
redis.call('HSET', ROUND, 'number', number, 'fence', fence, 'started_ms', whole(NOW_MS),
  'next_ms', whole(math.max(ARGV[7] + ARGV[8], NOW_MS + ARGV[9])), 'began_ms', ARGV[7],
  'players', ARGV[3], 'points_max', ARGV[4], 'minimum', ARGV[5], 'chunks', ARGV[6])
note('number', number)
redis.call('DEL', MAKING)
publish()
return 1
