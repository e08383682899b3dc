-- Writes a chunk beside the running round, and renews the lease (after prelude.lua).
-- ARGV[1] the instance   ARGV[2] the lease, ms   ARGV[3] the fence   ARGV[4] the chunk's number, from 0
-- ARGV[5] its points   ARGV[6] 1 to announce the progress
-- Returns 1; 0 if the attempt is over: it was abandoned or lost, a newer fence was given, or its round runs already.
local number, fence = unpack(redis.call('HMGET', MAKING, 'number', 'fence'))
if fence ~= ARGV[3] then return 0 end
redis.call('SET', LEASE, ARGV[1], 'PX', ARGV[2])
redis.call('SET', chunk(number, fence, ARGV[4]), ARGV[5])
redis.call('HSET', MAKING, 'written', whole(ARGV[4] + 1))
if ARGV[6] == '1' then publish() end
return 1
