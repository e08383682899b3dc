-- Notes that a person created a document, unless they have as many as they may.
-- KEYS[1] a sorted set: their documents, by when they created them
-- ARGV[1] the document   ARGV[2] the most   ARGV[3] how long to remember it, ms   ARGV[4..] documents that are gone
-- Returns 1 if it is noted, 0 if they have too many.
local made = KEYS[1]
for at = 4, #ARGV do redis.call('ZREM', made, ARGV[at]) end
if redis.call('ZSCORE', made, ARGV[1]) then return 1 end
if redis.call('ZCARD', made) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', made, whole(NOW_MS), ARGV[1])
redis.call('PEXPIRE', made, ARGV[3])
return 1
