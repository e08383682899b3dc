-- Adds a person to those who were forgotten, and tells every instance (after redis/time.lua).
-- KEYS[1] the stream: who; what, 'forgotten' or 'out', whose open sessions only end   KEYS[2] the channel
-- ARGV[1] the person   ARGV[2] what   ARGV[3] how many are kept   ARGV[4] for how long, ms
-- Returns the time, ms.
redis.call('XTRIM', KEYS[1], 'MINID', '~', whole(math.max(NOW_MS - ARGV[4], 0)))
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'who', ARGV[1], 'what', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('SPUBLISH', KEYS[2], 1)
return whole(NOW_MS)
