-- Claims a free address (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none
-- Returns 1 if it is theirs now or was already; 0 if it is somebody else's; -1 if it was given back not long ago, by others.
local claimed, theirs = owned(ARGV[1], ARGV[2])
if claimed then return theirs and 1 or 0 end

local given = redis.call('GET', AT .. 'given')
if given and not (ARGV[2] ~= '' and same(given, ARGV[2])) then return -1 end
redis.call('UNLINK', AT .. 'given')
-- Nobody could read what came before, and nobody will.
empty()
redis.call('HSET', AT .. 'owner', ARGV[1] ~= '' and 'token' or 'person', ARGV[1] ~= '' and ARGV[1] or ARGV[2])
redis.call('PEXPIRE', AT .. 'owner', UNUSED_MS)
announce()
return 1
