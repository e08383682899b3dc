-- Notes that the peer as a whole took nothing: all of a batch is tried again later (after prelude.lua, back.lua).
-- ARGV[1], ARGV[2] the first and the longest delay in ms   ARGV[3] what delays are multiplied by
-- ARGV[4] the least delay in ms   ARGV[5] why   then of each message, in order: its id and its recipient
local failures = redis.call('HINCRBY', PEER, 'failures', 1)
local turn = after(failures, tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
turn = whole(math.max(tonumber(turn), NOW_MS + ARGV[4]))
redis.call('HSET', PEER, 'until', turn, 'reason', ARGV[5])
put_back_rest(6, 2)
-- From the last one, since each goes back before all others. That each recipient waits for their turn again lets
-- others come first: one message that the peer fails at does not hold up all.
for at = #ARGV - 1, 6, -2 do
  if put_back(ARGV[at], ARGV[at + 1], ARGV[5]) then redis.call('ZADD', HELD, turn, ARGV[at + 1]) end
end
return 0
