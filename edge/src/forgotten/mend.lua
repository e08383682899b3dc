-- Writes persons back whom Redis has lost, and tells every instance (after redis/time.lua).
-- KEYS[1] the stream of add.lua   KEYS[2] the channel
-- ARGV[1] the stream's newest entry as the caller has read it, '' if there is none
-- ARGV[2] how many are kept   ARGV[3] for how long, ms   ARGV[4..] of each: who; when they were forgotten, ms
-- Returns the newest entry after that; '' without having done anything if another one came meanwhile: read on first.
local entry = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local newest = entry and entry[1] or ''
if newest ~= ARGV[1] then return '' end
for at = 4, #ARGV, 2 do
  if NOW_MS - ARGV[at + 1] < tonumber(ARGV[3]) then
    newest = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'who', ARGV[at], 'what', 'forgotten')
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SPUBLISH', KEYS[2], 1)
-- All of them may be too old to be kept.
return newest == '' and '0-0' or newest
