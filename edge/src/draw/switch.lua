-- Replaces the running round by the one that was made (after prelude.lua).
-- ARGV[1] the fence   ARGV[2] the number of players   ARGV[3] the most points   ARGV[4] the minimum
-- ARGV[5] when making it began   ARGV[6] the time from then to the next one, and ARGV[7] the least time from now, ms
-- ARGV[8] how long to keep the old chunks for those who are loading them, ms
-- Returns 1; 0 if the attempt has been superseded or a chunk is missing.
local fence = ARGV[1]
local old_number, old_fence, old = unpack(redis.call('HMGET', ROUND, 'number', 'fence', 'chunks'))
-- Already done: the first call's answer was lost.
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
