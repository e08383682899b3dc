-- Stores the sender's copy of a message (after prelude.lua, index.lua, drop.lua, put.lua).
-- ARGV[1..8] as of put.lua
-- ARGV[9] 1: it waits for another cluster
-- ARGV[10] how long to remember that it is stored, ms; 0 if it cannot come again
-- Returns 1.
if ARGV[10] ~= '0' and not redis.call('SET', AT .. 'own:' .. ARGV[2], 1, 'NX', 'PX', ARGV[10]) then return 1 end
-- The claim has expired meanwhile.
if redis.call('EXISTS', AT .. 'owner') == 0 then return 1 end

local _, rev = put()
if ARGV[9] == '1' then
  -- The outcome may have come first.
  local done = redis.call('GET', AT .. 'done:' .. ARGV[2])
  if done ~= '' then redis.call('ZADD', AT .. 'waits', rev, ARGV[2]) end
  if done and done ~= '' then redis.call('HSET', AT .. 'waiting', ARGV[2], done) end
  last('waits')
  last('waiting')
end
return 1
