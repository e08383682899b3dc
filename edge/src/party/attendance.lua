-- Who is online, for the scripts that change it (after prelude.lua, and membership.lua where that is needed).
-- A person is online while at least one instance holds them; an instance is known while it has a newest call.

-- Tells the party of a person who came online or went.
local function tell(person)
  local code = seat(person)
  if code then announce(code) end
end

-- An instance holds a person from now on.
local function arrive(instance, person)
  if redis.call('SADD', HELD .. instance, person) == 1
    and redis.call('HINCRBY', ATTENDING, person, 1) == 1 then
    tell(person)
  end
end

-- One instance less holds a person.
local function go(person)
  if redis.call('HINCRBY', ATTENDING, person, -1) <= 0 then
    redis.call('HDEL', ATTENDING, person)
    tell(person)
  end
end

-- The number of the newest call of an instance; 0 where it is unknown.
local function newest_call(instance)
  return tonumber(redis.call('HGET', CALLS, instance) or 0)
end

-- Forgets an instance, and at most so many of those it holds. Returns how many those were: where they are
-- as many, there may be more, and its old beat stays to say so.
local function forget(instance, most)
  redis.call('HDEL', CALLS, instance)
  local held = redis.call('SPOP', HELD .. instance, most)
  for _, person in ipairs(held) do go(person) end
  if #held < most then redis.call('ZREM', BEATS, instance) end
  return #held
end
