-- Counts a batch of clicks, each once (after world/prelude.lua).
-- KEYS[13] the number of the instance's newest counted batch
-- KEYS[14..] the newest counted click of a source, one key per run
-- ARGV[6] the batch's number, which grows; a batch that comes again counts nothing   ARGV[7] how long to remember it, s
-- ARGV[8] the sum of the clicks that nobody else could send again
-- ARGV[9] 1 if other regions are to confirm the batch
-- ARGV[10..] for each run: the number of its first click; a string of '+' and '-', one per click, '' for a click that is too
-- late to count; the key's new value, which is the number of its last click, or 2 if it is the only click of its source and
-- counts down; the key's TTL, s
-- A source's runs are in the order of their numbers; clicks up to the newest counted one are retries and skipped.
-- Returns { epoch, revision, the region's clicks, event or '', the runs (from 0) that were counted with another value, 1 if
-- the batch had been counted before }.
-- Error UNREGISTERED if the instance is not registered.
if newest_call() == 0 then return redis.error_reply('UNREGISTERED this instance is not registered') end
local again = tonumber(redis.call('GET', KEYS[13]) or 0) >= tonumber(ARGV[6])
if not again then redis.call('SET', KEYS[13], ARGV[6], 'EX', ARGV[7]) end
local sum, others = again and 0 or tonumber(ARGV[8]), {}
for at = 14, 13 + (#ARGV - 9) / 4 do
  local run = 4 * (at - 14) + 10
  local first, signs = tonumber(ARGV[run]), ARGV[run + 1]
  local last = tonumber(redis.call('GET', KEYS[at]) or 0)
  if last >= first then signs = string.sub(signs, last - first + 2) end
  if #signs > 0 and not again then
    local _, ups = string.gsub(signs, '+', '')
    sum = sum + 2 * ups - #signs
    redis.call('SET', KEYS[at], ARGV[run + 2], 'EX', ARGV[run + 3])
  elseif last > 0 and last ~= tonumber(ARGV[run + 2]) then
    others[#others + 1] = at - 14
  end
end
local event = ''
if sum ~= 0 then
  add_to(CLICKS, CODE, sum)
  event = publish({ CODE }, {}, ARGV[9] == '1' and ARGV[6])
end
return { whole(epoch), whole(rev), redis.call('HGET', CLICKS, CODE) or '0', event, others, again and 1 or 0 }
