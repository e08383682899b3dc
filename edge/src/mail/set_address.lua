-- Remembers a person's address.
-- KEYS[1] the person's address   ARGV[1] its value
-- Returns 1.
redis.call('SET', KEYS[1], ARGV[1], 'PX', 34560000000)
return 1
