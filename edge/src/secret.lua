-- The secret that all instances share, made by the first that asks.
-- KEYS[1] the secret   ARGV[1] a fresh one, kept if there is none
-- Returns the secret.
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
