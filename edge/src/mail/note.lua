-- Records the delivery status of an own letter to another cluster (after prelude.lua, owner.lua).
-- ARGV[1] its id   ARGV[2] its status as JSON, '' once the other cluster has it
-- ARGV[3] 1 if the status is final   ARGV[4] how long to remember it if the copy is not stored yet, ms
-- Returns 1.
local id, what = ARGV[1], ARGV[2]
if redis.call('EXISTS', AT .. 'owner') == 0 then return 1 end
if redis.call('ZSCORE', AT .. 'waits', id) then
  if what == '' then
    redis.call('ZREM', AT .. 'waits', id)
    redis.call('HDEL', AT .. 'waiting', id)
    announce()
  elseif redis.call('HGET', AT .. 'waiting', id) ~= what then
    redis.call('HSET', AT .. 'waiting', id, what)
    -- As long as the letters do.
    local left = redis.call('PTTL', AT .. 'waits')
    if left > 0 then redis.call('PEXPIRE', AT .. 'waiting', left) end
    announce()
  end
elseif ARGV[3] == '1' then
  redis.call('SET', AT .. 'done:' .. id, what, 'PX', ARGV[4])
end
return 1
