-- Takes note of a query (after prelude.lua).
-- ARGV[1] when it was made, in seconds, as the instance knows the time here.
local asked, known = math.min(tonumber(ARGV[1]), NOW_S), tonumber(redis.call('GET', ASKED) or 0)
-- What is known of a time to come was told before the clock was set back.
if asked > known or known > NOW_S then
  redis.call('SET', ASKED, whole(asked))
  publish()
end
return 1
