-- Takes note of a query (after prelude.lua).
-- ARGV[1] when it was made, in seconds, as the instance knows the time here.
local asked = math.min(tonumber(ARGV[1]), math.floor(NOW_MS / 1000))
if asked > tonumber(redis.call('GET', ASKED) or 0) then
  redis.call('SET', ASKED, whole(asked))
  publish()
end
return 1
