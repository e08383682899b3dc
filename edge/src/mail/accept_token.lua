-- Remembers a token's id, once.
-- KEYS[1] exists while it is remembered   ARGV[1] for how long, ms
-- Returns 1; 0 if it is already known.
return redis.call('SET', KEYS[1], 1, 'NX', 'PX', ARGV[1]) and 1 or 0
