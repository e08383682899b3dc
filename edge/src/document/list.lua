-- Lists the documents that a person created, oldest first, and keeps the list for longer.
-- KEYS[1] the list of add.lua   ARGV[1] for how long, ms
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)
