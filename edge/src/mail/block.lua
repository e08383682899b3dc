-- Blocks senders, or no longer (after prelude.lua, owner.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none   ARGV[3] whom: a field of the owner
-- ARGV[4] 1 to block them, 0 to accept them again   ARGV[5] the most blocks
-- Returns '', NOT_OWNER or TOO_MANY_BLOCKS.
local _, theirs = owned(ARGV[1], ARGV[2])
if not theirs then return NOT_OWNER end

local owner = AT .. 'owner'
if ARGV[4] == '0' then
  redis.call('HDEL', owner, ARGV[3])
elseif redis.call('HEXISTS', owner, ARGV[3]) == 0 then
  local count = 0
  for _, name in ipairs(redis.call('HKEYS', owner)) do
    if string.sub(name, 1, 2) == 'b:' then count = count + 1 end
  end
  if count >= tonumber(ARGV[5]) then return TOO_MANY_BLOCKS end
  redis.call('HSET', owner, ARGV[3], 1)
end
return ''
