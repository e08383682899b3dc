-- Tells an instance that its clicks are in another region. It writes nothing.
-- KEYS as in prelude.lua; ARGV[6] the channel of that instance   ARGV[7] what to tell it
-- Returns how many heard it.
return redis.call('SPUBLISH', ARGV[6], ARGV[7])
