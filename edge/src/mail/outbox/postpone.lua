-- Postpones a whole batch: the peer accepted nothing (after prelude.lua, back.lua).
-- ARGV[1], ARGV[2] the first and the longest delay in ms   ARGV[3] the factor for delays
-- ARGV[4] the least delay in ms   ARGV[5] the reason   then for each message, in order: its id and its lane
local failures = redis.call('HINCRBY', PEER, 'failures', 1)
local turn = after(failures, tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
turn = whole(math.max(tonumber(turn), NOW_MS + ARGV[4]))
redis.call('HSET', PEER, 'until', turn, 'reason', ARGV[5])
put_back_rest(6, 2)
-- Starting with the last, as each goes to the front. All these lanes wait, so that others come first: one message
-- that makes the peer fail does not block all.
for at = #ARGV - 1, 6, -2 do
  if put_back(ARGV[at], ARGV[at + 1], ARGV[5]) then redis.call('ZADD', HELD, turn, ARGV[at + 1]) end
end
return 0
