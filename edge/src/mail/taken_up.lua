-- The address that a person took up last.
-- KEYS[1] the person's address
-- Returns it, or nothing. It is remembered for 400 days since it was last asked for, put right once a day.
local address, left = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
if left > 0 and left < 34473600000 then redis.call('PEXPIRE', KEYS[1], 34560000000) end
return address
