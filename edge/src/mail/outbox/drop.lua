-- Removes failed messages, wherever they are (after prelude.lua).
-- ARGV for each message: its id and its recipient
for at = 1, #ARGV, 2 do
  local id, to = ARGV[at], ARGV[at + 1]
  remove(id)
  -- They are the oldest, so they are near the beginning.
  redis.call('LREM', QUEUE .. to, 1, id)
  if redis.call('LLEN', QUEUE .. to) == 0 then
    redis.call('ZREM', HELD, to)
    redis.call('HDEL', FAILURES, to)
  end
end
return 0
