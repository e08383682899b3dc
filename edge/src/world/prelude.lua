-- Opens every script of the world: names its keys, maintains the epoch, publishes changes (after redis/time.lua).
-- KEYS[1..12] in the order of redis/keys.rs; those that end in ':' are prefixes of keys in the same slot.
-- ARGV[1] epoch and ARGV[2] revision last seen by the calling instance; ARGV[3] its id;
-- ARGV[4] the channel of events; ARGV[5] its region's code.
local META, CLICKS, PLACES, INSTANCES, BEATS = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local CONNECTIONS, LIVE, HISTORY, PEOPLE, HELD = KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local seen_epoch, seen_rev, SELF = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local CHANNEL, CODE = ARGV[4], ARGV[5]

-- Redis has stored whatever an instance has seen. If it has not, Redis came back empty or older; a larger epoch
-- then tells every mirror and browser that the smaller numbers are the newer ones.
local epoch = tonumber(redis.call('HGET', META, 'epoch'))
local rev = tonumber(redis.call('HGET', META, 'rev')) or 0
if not epoch or seen_epoch > epoch or (seen_epoch == epoch and seen_rev > rev) then
  epoch = math.max(NOW_MS, seen_epoch + 1, (epoch or 0) + 1)
  redis.call('HSET', META, 'epoch', whole(epoch), 'rev', whole(rev))
end

-- A region's place and numbers as JSON. Region codes need no escaping.
local function region(code)
  local place = redis.call('HGET', PLACES, code) or '{"city":"","lat":0,"lng":0}'
  return '{"code":"' .. code .. '",' .. string.sub(place, 2, -2)
    .. ',"clicks":' .. (redis.call('HGET', CLICKS, code) or 0)
    .. ',"people":' .. redis.call('HLEN', PEOPLE .. code)
    .. ',"connections":' .. (redis.call('HGET', CONNECTIONS, code) or 0)
    .. ',"instances":' .. (redis.call('HGET', LIVE, code) or 0) .. '}'
end

-- A live instance's region, connections, number of the newest call, and URL, '' while it takes no more visitors and is
-- not listed; nothing if it is not registered.
-- Its entry is 'CODE CONNECTIONS CALL URL', and just 'CODE' while its people are being removed after its end.
local function registered(instance)
  return string.match(redis.call('HGET', INSTANCES, instance) or '', '^(%S+) (%d+) (%d+) (.*)$')
end

-- The number of this instance's newest call; 0 if it is not registered.
local function newest_call()
  local _, _, call = registered(SELF)
  return tonumber(call) or 0
end

-- An instance as JSON; only its id once it is gone or not listed.
local function news(id)
  local code, connections, _, url = registered(id)
  if not code or url == '' then return '{"id":"' .. id .. '"}' end
  return '{"id":"' .. id .. '","region":"' .. code .. '","connections":' .. connections
    .. ',"url":' .. cjson.encode(url) .. '}'
end

-- Raises the revision and publishes the new numbers of these regions and the state of these instances, which
-- are listed only if they came, went or changed. Other regions are to confirm it if it names a batch of clicks. Returns the
-- event.
local function publish(codes, ids, batch)
  rev = add_to(META, 'rev', 1)
  local regions, instances = {}, {}
  for at, code in ipairs(codes) do regions[at] = region(code) end
  for at, id in ipairs(ids) do instances[at] = news(id) end
  local event = '{"epoch":' .. whole(epoch) .. ',"rev":' .. whole(rev) .. ',"from":"' .. SELF
    .. '","regions":[' .. table.concat(regions, ',')
    .. '],"instances":[' .. table.concat(instances, ',') .. ']' .. (batch and ',"batch":' .. batch or '') .. '}'
  redis.call('SPUBLISH', CHANNEL, event)
  return event
end
