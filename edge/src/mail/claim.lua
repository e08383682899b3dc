-- Claims a free address (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none
-- Returns 1 if it is theirs now or was already; 0 if it is somebody else's.
local claimed, theirs = owned(ARGV[1], ARGV[2])
if claimed then return theirs and 1 or 0 end

-- Nobody could read what came before, and nobody will.
local names = { 'box', 'talks', 'heads', 'unread', 'waits', 'waiting', 'order', 'excess', 'strange', 'known' }
for _, name in ipairs(names) do
  redis.call('UNLINK', AT .. name)
end
redis.call('HSET', AT .. 'owner', ARGV[1] ~= '' and 'token' or 'person', ARGV[1] ~= '' and ARGV[1] or ARGV[2])
redis.call('PEXPIRE', AT .. 'owner', UNUSED_MS)
announce()
return 1
