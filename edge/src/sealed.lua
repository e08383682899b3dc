-- The secret that persons follow from, sealed with each secret that an instance was told.
-- KEYS[1] a hash: sealed texts by names   ARGV names and texts in turn, to be kept
-- Returns the hash, as a flat list.
for at = 1, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
return redis.call('HGETALL', KEYS[1])
