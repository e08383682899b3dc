-- Replaces an address's token (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none   ARGV[3] the new token's hash
-- Returns 1, also if the new token is its own already; 0 if it is somebody else's.
local claimed, theirs = owned(ARGV[1], ARGV[2])
if not claimed then return 0 end
if not theirs then return same(redis.call('HGET', AT .. 'owner', 'token'), ARGV[3]) and 1 or 0 end
redis.call('HSET', AT .. 'owner', 'token', ARGV[3])
return 1
