-- Renews the lease, or gives it back (after prelude.lua).
-- ARGV[1] the instance   ARGV[2] the lease in ms, '0' to give it back   ARGV[3] the channel that tells that it is free
-- Returns 1 if the instance had it.
if redis.call('GET', LEASE) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('DEL', LEASE)
  redis.call('PUBLISH', ARGV[3], 'free')
else
  redis.call('PEXPIRE', LEASE, ARGV[2])
end
return 1
