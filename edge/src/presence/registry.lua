-- How people come and go with their instance (after world/prelude.lua, party/prelude.lua).
-- HELD has a set per instance: the people connected to it. PEOPLE has a hash per region and ONLINE is a hash for
-- all of them: how many instances hold each person. Whoever is in ONLINE is online in their party.

local function tell_party(person)
  local code = seat(person)
  if code then announce(code) end
end

-- An instance holds a person from now on.
local function add_person(instance, code, person)
  if redis.call('SADD', HELD .. instance, person) == 0 then return end
  redis.call('HINCRBY', PEOPLE .. code, person, 1)
  if redis.call('HINCRBY', ONLINE, person, 1) == 1 then tell_party(person) end
end

-- One instance fewer holds a person; it is no longer in that instance's set.
local function remove_person(code, person)
  if redis.call('HINCRBY', PEOPLE .. code, person, -1) <= 0 then redis.call('HDEL', PEOPLE .. code, person) end
  if redis.call('HINCRBY', ONLINE, person, -1) <= 0 then
    redis.call('HDEL', ONLINE, person)
    tell_party(person)
  end
end

-- Removes up to `most` of an instance's people. Returns how many: if `most`, there may be more.
local function remove_people(instance, code, most)
  local people = redis.call('SPOP', HELD .. instance, most)
  for _, person in ipairs(people) do remove_person(code, person) end
  return #people
end

-- Removes an instance, and up to `most` of its people; what is left of it stays due for removal until nobody is.
-- Returns its region's code, nil if it is unknown, and how many people were removed.
local function remove_instance(instance, most)
  local code, connections, _, url = registered(instance)
  if code then
    -- Not a unary minus: that turns zero into "-0", which Redis rejects.
    redis.call('HINCRBY', CONNECTIONS, code, 0 - connections)
    if url ~= '' then redis.call('HINCRBY', LIVE, code, -1) end
    redis.call('HSET', INSTANCES, instance, code)
  else
    code = redis.call('HGET', INSTANCES, instance)
  end
  local count = code and remove_people(instance, code, most) or 0
  if count < most then
    redis.call('HDEL', INSTANCES, instance)
    redis.call('ZREM', BEATS, instance)
  end
  return code, count
end
