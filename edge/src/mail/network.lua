-- Counts a message of an unverified sender from a network. A network has a slot of its own, so this is no part of the
-- script that stores the message.
-- KEYS[1] the number in this minute   ARGV[1] the most per minute
-- Returns 'ok', or in how many ms to retry.
if tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1]) then
  return math.max(redis.call('PTTL', KEYS[1]), 1)
end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], 60000) end
return 'ok'
