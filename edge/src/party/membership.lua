-- How a person leaves and a party ends, for the scripts in which that can happen (after prelude.lua).

-- Ends a party: nothing of it is left, and who watches it is told.
local function finish(code)
  local _, all = members(code)
  for _, member in ipairs(all) do redis.call('HDEL', PERSONS, member[2]) end
  redis.call('DEL', PARTY .. code)
  redis.call('UNLINK', CHAT .. code)
  redis.call('ZREM', TOUCHED, code)
  redis.call('ZREM', LISTED, code)
  redis.call('PUBLISH', CHANGES .. code, 'ended')
end

-- Who leads once nobody does: the longest-standing participant who is online, else the longest-standing.
local function elect(code)
  local _, all = members(code)
  for _, member in ipairs(all) do
    if redis.call('HEXISTS', ATTENDING, member[2]) == 1 then return member[1] end
  end
  return all[1][1]
end

-- Takes a person out of the party that they are in, if any, with all that follows from it.
local function depart(person)
  local code, id = seat(person)
  if not code then return end
  redis.call('HDEL', PERSONS, person)
  redis.call('HDEL', PARTY .. code, 'p:' .. id, 'n:' .. id)
  if redis.call('HINCRBY', PARTY .. code, 'count', -1) <= 0 then return finish(code) end
  if redis.call('HGET', PARTY .. code, 'leader') == id then
    redis.call('HSET', PARTY .. code, 'leader', elect(code))
  end
  announce(code)
end

-- Seats a person in a party that has room; they are in none. Returns their id.
local function enter(code, person, name)
  local id = redis.call('HINCRBY', PARTY .. code, 'next', 1) - 1
  redis.call('HINCRBY', PARTY .. code, 'count', 1)
  -- Since the party's creation, which takes fewer digits.
  local joined_ms = NOW_MS - redis.call('HGET', PARTY .. code, 'created')
  redis.call('HSET', PARTY .. code, 'p:' .. id, person .. ' ' .. whole(joined_ms))
  if name ~= '' then redis.call('HSET', PARTY .. code, 'n:' .. id, name) end
  redis.call('HSET', PERSONS, person, code .. ' ' .. id)
  announce(code)
  return id
end
