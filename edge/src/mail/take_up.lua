-- Remembers which address a person took up last.
-- KEYS[1] the person's address   ARGV[1] which it is
-- Returns 1.
redis.call('SET', KEYS[1], ARGV[1], 'PX', 34560000000)
return 1
