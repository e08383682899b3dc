-- Opens every script that concerns parties: names their keys, and how a party changes (after redis/time.lua).
-- KEYS[1] a hash that has everyone who is online   KEYS[2] the prefix of the parties' keys, all in that hash's slot
local ONLINE, PARTIES = KEYS[1], KEYS[2]
-- A hash per party; the party of each person, 'CODE ID'; all parties by when they were last used; a stream per chat.
local PARTY, PERSONS, TOUCHED, CHAT = PARTIES .. 'party:', PARTIES .. 'persons', PARTIES .. 'touched', PARTIES .. 'chat:'
-- Which region serves each person who is online: that of the instance that took them last.
local SERVED = PARTIES .. 'served'
-- Listed parties by their place, see cell.rs.
local LISTED = PARTIES .. 'listed'
-- Channels, one per party: of its changes, of its chat; and one per person: of how many messages they have not seen.
local CHANGES, CHATS, UNREAD = PARTIES .. 'changes:', PARTIES .. 'chats:', PARTIES .. 'unread:'
-- What a script returns instead of a participant's id.
local UNKNOWN, NOT_IN, FULL, KEY_REUSED = -1, -2, -3, -4
-- How many minutes the scores of listed parties tell apart within a cell: four years.
local MINUTES = 2 ^ 21

-- The party that a person is in, and their id in it.
local function seat(person)
  return string.match(redis.call('HGET', PERSONS, person) or '', '^(%d+) (%d+)$')
end

local function is_online(person) return redis.call('HEXISTS', ONLINE, person) == 1 end

-- Postpones the end of an idle party.
local function touch(code) redis.call('ZADD', TOUCHED, whole(NOW_MS), code) end

-- Raises a party's revision and tells those who watch it.
local function announce(code)
  local rev = add_to(PARTY .. code, 'rev', 1)
  touch(code)
  redis.call('SPUBLISH', CHANGES .. code, rev)
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
