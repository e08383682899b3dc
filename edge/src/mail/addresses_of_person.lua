-- Reads all addresses of a person.
-- KEYS[1] the current one   KEYS[2] all of them
-- Returns them, the one that was claimed or selected last first.
local all, current = redis.call('ZREVRANGE', KEYS[2], 0, -1), redis.call('GET', KEYS[1])
-- What was claimed before all of them were remembered is in the first key alone.
if current and not redis.call('ZSCORE', KEYS[2], current) then all[#all + 1] = current end
return all
