-- Records the peer's outcomes for messages (after prelude.lua, back.lua).
-- ARGV[1], ARGV[2] the first and the longest delay in ms   ARGV[3] the factor for delays
-- then for each message, in the order of the batch: its id, its lane, '1' to retry it, the reason
redis.call('DEL', PEER)
put_back_rest(4, 4)
local gone, late = {}, {}
-- Starting with the last, as each goes to the front.
for at = #ARGV - 3, 4, -4 do
  local id, to = ARGV[at], ARGV[at + 1]
  if ARGV[at + 2] ~= '1' then
    remove(id)
    gone[to] = true
  elseif put_back(id, to, ARGV[at + 3]) then
    late[to] = true
  end
end
for to in pairs(late) do
  -- A lane of which some messages arrived starts counting failures again.
  if gone[to] then redis.call('HDEL', FAILURES, to) end
  local failures = redis.call('HINCRBY', FAILURES, to, 1)
  redis.call('ZADD', HELD, after(failures, tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])), to)
end
for to in pairs(gone) do
  if not late[to] then
    redis.call('HDEL', FAILURES, to)
    if redis.call('LLEN', QUEUE .. to) > 0 then redis.call('ZADD', HELD, whole(NOW_MS), to) end
  end
end
return 0
