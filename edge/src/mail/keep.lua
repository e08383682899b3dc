-- Stores the sender's copy of a message (after prelude.lua, put.lua).
-- ARGV[1..7] as of store.lua, but ARGV[3] is the recipient
-- ARGV[8] 1: it waits for another cluster
-- ARGV[9] how long to remember that it is stored, ms; 0 if it cannot come again
-- Returns 1.
if ARGV[9] ~= '0' and not redis.call('SET', AT .. 'own:' .. ARGV[2], 1, 'NX', 'PX', ARGV[9]) then return 1 end
-- The claim has expired meanwhile.
if redis.call('EXISTS', AT .. 'owner') == 0 then return 1 end

local at, rev = put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
if ARGV[8] == '1' then
  -- The outcome may have come first.
  local done = redis.call('GET', AT .. 'done:' .. ARGV[2])
  if done ~= '' then redis.call('ZADD', AT .. 'waits', rev, ARGV[2]) end
  if done and done ~= '' then redis.call('HSET', AT .. 'waiting', ARGV[2], done) end
  last('waits')
  last('waiting')
end
tidy(at, rev, ARGV[7])
return 1
