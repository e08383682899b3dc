-- Reads a person's address.
-- KEYS[1] the person's address
-- Returns it, or nil. It expires 400 days after it was last read; the TTL is renewed at most once a day.
local address, left = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
if left > 0 and left < 34473600000 then redis.call('PEXPIRE', KEYS[1], 34560000000) end
return address
