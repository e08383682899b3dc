-- Takes a token's id, once.
-- KEYS[1] exists while it was taken   ARGV[1] for how long, ms
-- Returns 1, or 0 where it was taken before.
return redis.call('SET', KEYS[1], 1, 'NX', 'PX', ARGV[1]) and 1 or 0
