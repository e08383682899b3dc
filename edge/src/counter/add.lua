-- Counts clicks, each once (after world/prelude.lua).
-- KEYS[13..] the newest counted click of a source, one key per run
-- ARGV[6..] for each run: the number of its first click; a string of '+' and '-', one per click; the key's TTL, s
-- A source's runs are in the order of their numbers; clicks up to the newest counted one are retries and skipped.
-- Returns { epoch, revision, the region's clicks, event or '' }. Error UNREGISTERED if the instance is not registered.
if newest_call() == 0 then return redis.error_reply('UNREGISTERED this instance is not registered') end
local sum = 0
for at = 13, #KEYS do
  local run = 3 * (at - 13) + 6
  local first, signs = tonumber(ARGV[run]), ARGV[run + 1]
  local last = tonumber(redis.call('GET', KEYS[at]) or 0)
  if last >= first then signs = string.sub(signs, last - first + 2) end
  if #signs > 0 then
    local _, ups = string.gsub(signs, '+', '')
    sum = sum + 2 * ups - #signs
    redis.call('SET', KEYS[at], whole(first + #ARGV[run + 1] - 1), 'EX', ARGV[run + 2])
  end
end
local event = ''
if sum ~= 0 then
  redis.call('HINCRBY', CLICKS, CODE, sum)
  event = publish({ CODE }, {})
end
return { whole(epoch), whole(rev), redis.call('HGET', CLICKS, CODE) or '0', event }
