-- Reads a person's address.
-- KEYS[1] the person's address   KEYS[2] all of their addresses
-- Returns it, or nil. Both expire 400 days after they were last read; the TTL is renewed at most once a day.
local address, left = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
if left > 0 and left < 34473600000 then
  redis.call('PEXPIRE', KEYS[1], 34560000000)
  redis.call('PEXPIRE', KEYS[2], 34560000000)
end
return address
