-- Reads who was forgotten.
-- KEYS[1] the stream   ARGV[1] from which entry on   ARGV[2] the most entries
-- Returns a list of { entry, { field, value, … } }, oldest first.
return redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
