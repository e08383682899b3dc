-- Leads no more (after prelude.lua). ARGV[1] the instance.
if redis.call('GET', LEASE) == ARGV[1] then redis.call('DEL', LEASE) end
return 1
