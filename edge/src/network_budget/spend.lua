-- Adds to what a network has left behind since its day began.
-- KEYS[1] the number of bytes, until the day ends   ARGV[1] bytes to add   ARGV[2] a day, ms
-- Returns { the sum; in how many ms the day ends }.
local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return { sum, redis.call('PTTL', KEYS[1]) }
