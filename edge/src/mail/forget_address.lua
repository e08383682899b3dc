-- Forgets that an address was a person's.
-- KEYS[1] the current one   KEYS[2] all of them   ARGV[1] the address
-- Returns 1, and tells those who watch which address is theirs.
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('SPUBLISH', KEYS[1] .. ':changes', '')
return 1
