-- Remembers a person's address, as the current one and among all of theirs.
-- KEYS[1] the current one   KEYS[2] all of them: a sorted set, by when each was claimed or selected last, ms
-- ARGV[1] the address   ARGV[2] how many are remembered
-- Returns 1, and tells those who watch which address is theirs.
local time = redis.call('TIME')
redis.call('SET', KEYS[1], ARGV[1], 'PX', 34560000000)
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -ARGV[2] - 1)
redis.call('PEXPIRE', KEYS[2], 34560000000)
redis.call('SPUBLISH', KEYS[1] .. ':changes', '')
return 1
