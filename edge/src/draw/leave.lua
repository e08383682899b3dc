-- Releases the lease and abandons an unfinished round (after prelude.lua).
-- ARGV[1] the instance
local fence = redis.call('HGET', MAKING, 'fence')
if fence and string.match(fence, ':(.*)$') == ARGV[1] then end_making() end
if redis.call('GET', LEASE) == ARGV[1] then redis.call('DEL', LEASE) end
return 1
