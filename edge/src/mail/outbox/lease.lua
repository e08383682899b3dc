-- Renews or releases the lease (after prelude.lua).
-- ARGV[1] the instance   ARGV[2] the lease in ms, '0' to release it   ARGV[3] the channel to announce that on
-- Returns 1 if the instance held it.
if redis.call('GET', LEASE) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('DEL', LEASE)
  redis.call('SPUBLISH', ARGV[3], 'free')
else
  redis.call('PEXPIRE', LEASE, ARGV[2])
end
return 1
