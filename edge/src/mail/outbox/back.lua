-- Puts messages back into their queues, for settle.lua and postpone.lua (after prelude.lua).

-- When to retry after this many failures: the delay doubles each time, up to the longest.
local function after(failures, first_ms, longest_ms, jitter)
  local delay = math.min(first_ms * 2 ^ math.min(failures - 1, 30), longest_ms)
  return whole(NOW_MS + math.ceil(delay * jitter))
end

-- Returns a taken message to the front of its lane's queue and counts the try, unless somebody else has put it back
-- or settled it since.
local function put_back(id, to, reason)
  if redis.call('ZREM', FLIGHT, id) == 0 then return false end
  local tries = string.match(redis.call('HGET', TRIES, id) or '0', '^%d+')
  redis.call('HSET', TRIES, id, whole(tries + 1) .. ' ' .. reason)
  redis.call('LPUSH', QUEUE .. to, id)
  return true
end

-- Puts back, unchanged, the taken messages whose ids are not in ARGV (every `step`th argument from `first` on). A batch
-- without room for all has the earliest, so call this before those are put back.
local function put_back_rest(first, step)
  local listed = {}
  for at = first, #ARGV, step do listed[ARGV[at]] = true end
  for _, id in ipairs(redis.call('ZREVRANGE', FLIGHT, 0, -1)) do
    local entry = not listed[id] and redis.call('XRANGE', MESSAGES, id, id)[1]
    if entry then
      local to = lane(entry[2])
      redis.call('LPUSH', QUEUE .. to, id)
      redis.call('ZADD', HELD, 'NX', whole(NOW_MS), to)
    end
    if not listed[id] then redis.call('ZREM', FLIGHT, id) end
  end
end
