-- Writes a chunk beside the running round, and holds the lease on (after prelude.lua).
-- ARGV[1] the instance; ARGV[2] how long a lease lasts, in ms; ARGV[3] the fence; ARGV[4] which chunk, from 0;
-- ARGV[5] its points; ARGV[6] 1 where all are to be told how far the round is.
-- Returns 1; 0 where a newer fence was given.
if redis.call('GET', FENCE) ~= ARGV[3] then return 0 end
redis.call('SET', LEASE, ARGV[1], 'PX', ARGV[2])
redis.call('SET', chunk(redis.call('HGET', MAKING, 'number'), ARGV[3], ARGV[4]), ARGV[5])
redis.call('HSET', MAKING, 'written', whole(ARGV[4] + 1))
if ARGV[6] == '1' then publish() end
return 1
