-- How messages are put back, for settle.lua and postpone.lua (after prelude.lua).

-- When to try again after so many failures: twice as late each time, up to the longest delay.
local function after(failures, first_ms, longest_ms, jitter)
  local delay = math.min(first_ms * 2 ^ math.min(failures - 1, 30), longest_ms)
  return whole(NOW_MS + math.ceil(delay * jitter))
end

-- Puts a message that was taken back before all others of its recipient, as tried once more. Not one that somebody
-- else has put back or settled since.
local function put_back(id, to, reason)
  if redis.call('ZREM', FLIGHT, id) == 0 then return false end
  local tries = string.match(redis.call('HGET', TRIES, id) or '0', '^%d+')
  redis.call('HSET', TRIES, id, whole(tries + 1) .. ' ' .. reason)
  redis.call('LPUSH', QUEUE .. to, id)
  return true
end

-- Puts back, as it was, what was taken and is not among ARGV, where ids stand from there on, so far apart. A call that
-- had no room for all had those that came first: call this before those are put back.
local function put_back_rest(first, step)
  local told = {}
  for at = first, #ARGV, step do told[ARGV[at]] = true end
  for _, id in ipairs(redis.call('ZREVRANGE', FLIGHT, 0, -1)) do
    local entry = not told[id] and redis.call('XRANGE', MESSAGES, id, id)[1]
    if entry then
      local to = recipient(entry[2])
      redis.call('LPUSH', QUEUE .. to, id)
      redis.call('ZADD', HELD, 'NX', whole(NOW_MS), to)
    end
    if not told[id] then redis.call('ZREM', FLIGHT, id) end
  end
end
