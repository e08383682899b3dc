-- How people come and go with their instance (after world/prelude.lua, party/prelude.lua).
-- HELD has a set per instance: the people connected to it. PEOPLE has a hash per region and ONLINE is a hash for
-- all of them: how many instances hold each person. Whoever is in ONLINE is online in their party, and SERVED says where.

local function tell_party(person)
  local code = seat(person)
  if code then announce(code) end
end

-- That region serves a person from now on, who may be new.
local function serve(person, code, is_new)
  if redis.call('HGET', SERVED, person) == code and not is_new then return end
  redis.call('HSET', SERVED, person, code)
  tell_party(person)
end

-- An instance holds a person from now on.
local function add_person(instance, code, person)
  if redis.call('SADD', HELD .. instance, person) == 0 then return end
  add_to(PEOPLE .. code, person, 1)
  serve(person, code, add_to(ONLINE, person, 1) == 1)
end

-- One instance fewer holds a person; it is no longer in that instance's set.
local function remove_person(code, person)
  local left_here = add_to(PEOPLE .. code, person, -1)
  if left_here <= 0 then redis.call('HDEL', PEOPLE .. code, person) end
  if add_to(ONLINE, person, -1) <= 0 then
    redis.call('HDEL', ONLINE, person)
    redis.call('HDEL', SERVED, person)
    tell_party(person)
  elseif left_here <= 0 and redis.call('HGET', SERVED, person) == code then
    -- Another of their pages is open elsewhere.
    for _, place in ipairs(redis.call('HKEYS', PLACES)) do
      if redis.call('HEXISTS', PEOPLE .. place, person) == 1 then return serve(person, place) end
    end
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
    add_to(CONNECTIONS, code, -connections)
    if url ~= '' then add_to(LIVE, code, -1) end
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
