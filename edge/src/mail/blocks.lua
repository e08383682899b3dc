-- Reads whom the owner has blocked (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none
-- Returns the fields of the owner, which name them; or NOT_OWNER.
local _, theirs = owned(ARGV[1], ARGV[2])
return theirs and redis.call('HKEYS', AT .. 'owner') or NOT_OWNER
