-- Gives an address back: deletes its mail, and keeps others from claiming it for a while (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none   ARGV[3] for how long, ms
-- Returns the person who owned it, '' for none; or NOT_OWNER.
local _, theirs = owned(ARGV[1], ARGV[2])
if not theirs then return NOT_OWNER end
local person = redis.call('HGET', AT .. 'owner', 'person') or ''
empty()
redis.call('UNLINK', AT .. 'owner')
redis.call('SET', AT .. 'given', person, 'PX', ARGV[3])
hint(0)
return person
