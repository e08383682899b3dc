-- How people enter and leave a party, and how it ends (after prelude.lua).

-- Ends a party: deletes all of it and tells those who watch it.
local function finish(code)
  local _, all = members(code)
  for _, member in ipairs(all) do
    redis.call('HDEL', PERSONS, member[2])
    redis.call('SPUBLISH', UNREAD .. member[2], '')
  end
  redis.call('DEL', PARTY .. code)
  redis.call('UNLINK', CHAT .. code)
  redis.call('ZREM', TOUCHED, code)
  redis.call('ZREM', LISTED, code)
  redis.call('SPUBLISH', CHANGES .. code, 'ended')
end

-- Who becomes host: the longest-standing participant who is online, or else the longest-standing one.
local function elect(code)
  local _, all = members(code)
  for _, member in ipairs(all) do
    if is_online(member[2]) then return member[1] end
  end
  return all[1][1]
end

-- Takes a person out of their present party, if any.
local function depart(person)
  local code, id = seat(person)
  if not code then return end
  redis.call('HDEL', PERSONS, person)
  redis.call('HDEL', PARTY .. code, 'p:' .. id, 'n:' .. id, 's:' .. id, 't:' .. id)
  redis.call('SPUBLISH', UNREAD .. person, '')
  if add_to(PARTY .. code, 'count', -1) <= 0 then return finish(code) end
  if redis.call('HGET', PARTY .. code, 'leader') == id then
    redis.call('HSET', PARTY .. code, 'leader', elect(code))
  end
  announce(code)
end

-- Adds a person who is in no party to one that has room. Returns their id.
local function enter(code, person, name)
  local id = add_to(PARTY .. code, 'next', 1) - 1
  add_to(PARTY .. code, 'count', 1)
  -- Relative to the party's creation, which takes fewer digits.
  local joined_ms = NOW_MS - redis.call('HGET', PARTY .. code, 'created')
  redis.call('HSET', PARTY .. code, 'p:' .. id, person .. ' ' .. whole(joined_ms))
  if name ~= '' then redis.call('HSET', PARTY .. code, 'n:' .. id, name) end
  -- What was written before is not news.
  redis.call('HSET', PARTY .. code, 's:' .. id, redis.call('HGET', PARTY .. code, 'total') or 0)
  redis.call('HSET', PERSONS, person, code .. ' ' .. id)
  announce(code)
  return id
end

-- Renames a participant; without a change, only postpones the party's end.
local function rename(code, id, name)
  if redis.call('HGET', PARTY .. code, 'n:' .. id) == name then return touch(code) end
  redis.call('HSET', PARTY .. code, 'n:' .. id, name)
  announce(code)
end
