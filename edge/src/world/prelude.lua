-- Opens every script of the world: names its keys, keeps the epoch, and publishes changes.
-- KEYS[1..10] as redis/keys.rs lists them; the last two are prefixes of keys in the same slot.
-- ARGV[1] epoch and ARGV[2] revision that the calling instance has seen; ARGV[3] its id;
-- ARGV[4] the channel of events; ARGV[5] its region's code.
local META, CLICKS, PLACES, INSTANCES, BEATS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local CONNECTIONS, LIVE, HISTORY, PEOPLE, HELD = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local seen_epoch, seen_rev, SELF = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local CHANNEL, CODE = ARGV[4], ARGV[5]

local time = redis.call('TIME')
local NOW_MS = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number) return string.format('%.0f', number) end

-- What an instance has seen, Redis has stored: where it is gone, Redis came back empty or older, and a
-- larger epoch tells every mirror and browser that smaller numbers are now the newer ones.
local epoch = tonumber(redis.call('HGET', META, 'epoch'))
local rev = tonumber(redis.call('HGET', META, 'rev')) or 0
if not epoch or seen_epoch > epoch or (seen_epoch == epoch and seen_rev > rev) then
  epoch = math.max(NOW_MS, seen_epoch + 1, (epoch or 0) + 1)
  redis.call('HSET', META, 'epoch', whole(epoch), 'rev', whole(rev))
end

-- One region's place and numbers as JSON; codes are plain, so nothing needs escaping.
local function region(code)
  local place = redis.call('HGET', PLACES, code) or '{"city":"","lat":0,"lng":0}'
  return '{"code":"' .. code .. '",' .. string.sub(place, 2, -2)
    .. ',"clicks":' .. (redis.call('HGET', CLICKS, code) or 0)
    .. ',"people":' .. redis.call('HLEN', PEOPLE .. code)
    .. ',"connections":' .. (redis.call('HGET', CONNECTIONS, code) or 0)
    .. ',"instances":' .. (redis.call('HGET', LIVE, code) or 0) .. '}'
end

-- One instance as JSON; just its id once it is gone. Its entry reads 'CODE CONNECTIONS CALL URL'.
local function news(id)
  local entry = redis.call('HGET', INSTANCES, id)
  if not entry then return '{"id":"' .. id .. '"}' end
  local code, connections, url = string.match(entry, '^(%S+) (%d+) %d+ (.*)$')
  return '{"id":"' .. id .. '","region":"' .. code .. '","connections":' .. connections
    .. ',"url":' .. cjson.encode(url) .. '}'
end

-- Raises the revision and tells every mirror the new numbers of these regions and instances, that of
-- the latter only where they came, went or changed. Returns the event.
local function publish(codes, ids)
  rev = redis.call('HINCRBY', META, 'rev', 1)
  local regions, instances = {}, {}
  for at, code in ipairs(codes) do regions[at] = region(code) end
  for at, id in ipairs(ids) do instances[at] = news(id) end
  local event = '{"epoch":' .. whole(epoch) .. ',"rev":' .. whole(rev) .. ',"from":"' .. SELF
    .. '","regions":[' .. table.concat(regions, ',')
    .. '],"instances":[' .. table.concat(instances, ',') .. ']}'
  redis.call('PUBLISH', CHANNEL, event)
  return event
end

-- The number of the newest call that this instance's entry is of; 0 without.
local function newest_call()
  return tonumber(string.match(redis.call('HGET', INSTANCES, SELF) or '', '^%S+ %d+ (%d+)')) or 0
end

-- Forgets an instance, its sessions and its people. Returns its region's code.
local function remove(instance)
  local code, count = string.match(redis.call('HGET', INSTANCES, instance) or '', '^(%S+) (%d+)')
  redis.call('ZREM', BEATS, instance)
  if not code then return nil end
  redis.call('HDEL', INSTANCES, instance)
  -- Not a bare minus: that makes the "-0" of zero, which Redis refuses.
  redis.call('HINCRBY', CONNECTIONS, code, 0 - count)
  redis.call('HINCRBY', LIVE, code, -1)
  for _, person in ipairs(redis.call('SMEMBERS', HELD .. instance)) do
    if redis.call('HINCRBY', PEOPLE .. code, person, -1) <= 0 then
      redis.call('HDEL', PEOPLE .. code, person)
    end
  end
  redis.call('DEL', HELD .. instance)
  return code
end
