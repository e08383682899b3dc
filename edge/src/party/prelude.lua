-- Opens every script of the parties: names their keys, and how a party changes and ends.
-- KEYS[1..9] as redis/keys.rs lists them; those that end in ':' are prefixes of keys in the same slot.
-- ARGV[1] begins the names of the channels of changes, one a party.
local PARTY, PERSONS, TOUCHED, LISTED = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ATTENDING, HELD, CALLS, BEATS, CHAT = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local CHANGES = ARGV[1]
-- What a script answers in place of a participant's id.
local UNKNOWN, NOT_IN, FULL, KEY_REUSED = -1, -2, -3, -4
-- Minutes that the scores of listed parties tell apart within a cell: four years of them.
local MINUTES = 2 ^ 21

local time = redis.call('TIME')
local NOW_MS = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number) return string.format('%.0f', number) end

-- The party that a person is in, and their id in it.
local function seat(person)
  return string.match(redis.call('HGET', PERSONS, person) or '', '^(%d+) (%d+)$')
end

-- Raises a party's revision, tells who watches it, and puts off its end.
local function announce(code)
  local rev = redis.call('HINCRBY', PARTY .. code, 'rev', 1)
  redis.call('ZADD', TOUCHED, whole(NOW_MS), code)
  redis.call('PUBLISH', CHANGES .. code, rev)
end

-- A party's fields, and its participants in the order in which they joined, as { id, person }.
local function members(code)
  local fields, all = redis.call('HGETALL', PARTY .. code), {}
  for at = 1, #fields, 2 do
    local id = string.match(fields[at], '^p:(%d+)$')
    if id then all[#all + 1] = { tonumber(id), string.sub(fields[at + 1], 1, 32) } end
  end
  table.sort(all, function(one, other) return one[1] < other[1] end)
  return fields, all
end
