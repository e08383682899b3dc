-- Records a query (after prelude.lua).
-- ARGV[1] its time in seconds, by the instance's estimate of this clock
local asked, known = math.min(tonumber(ARGV[1]), NOW_S), tonumber(redis.call('GET', ASKED) or 0)
-- A known time in the future was recorded before the clock was set back.
if asked > known or known > NOW_S then
  redis.call('SET', ASKED, whole(asked))
  publish()
end
return 1
