-- Marks a conversation as seen, unless it has newer letters (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none   ARGV[3] the correspondent
-- ARGV[4] the newest letter that was seen
-- Returns '', or NOT_OWNER.
local _, theirs = owned(ARGV[1], ARGV[2])
if not theirs then return NOT_OWNER end
if redis.call('HGET', AT .. 'heads', ARGV[3]) ~= ARGV[4] then return '' end
if redis.call('HDEL', AT .. 'unread', ARGV[3]) == 1 then announce() end
return ''
