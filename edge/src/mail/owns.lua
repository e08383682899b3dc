-- Whether the caller owns an address (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none
-- Returns 1 or 0.
local _, theirs = owned(ARGV[1], ARGV[2])
return theirs and 1 or 0
