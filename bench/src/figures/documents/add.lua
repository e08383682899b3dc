-- Adds to a tally, once for each number of its source.
-- KEYS[1] a hash: 'total', and 'own:PERSON' of each person   KEYS[2] the source's newest number   KEYS[3] the channel
-- ARGV[1] the person   ARGV[2] the number   ARGV[3] how much
-- Returns 1 if it is added, 0 if it was before.
if tonumber(ARGV[2]) <= tonumber(redis.call('GET', KEYS[2]) or '0') then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', 86400)
redis.call('HINCRBY', KEYS[1], 'total', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'own:' .. ARGV[1], ARGV[3])
redis.call('PEXPIRE', KEYS[1], 2592000000)
redis.call('PUBLISH', KEYS[3], '')
return 1
