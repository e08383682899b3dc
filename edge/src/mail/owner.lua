-- Checks who owns a mailbox (after prelude.lua).

-- A claim's TTL is renewed at most once a day.
local DAY_MS = 86400000

-- Compares two secrets, whose lengths are multiples of four bytes, in constant time.
local function same(stored, given)
  if not stored or #stored ~= #given then return false end
  local words = string.rep('I4', #stored / 4)
  local one, other, differ = { struct.unpack(words, stored) }, { struct.unpack(words, given) }, 0
  for at = 1, #stored / 4 do differ = bit.bor(differ, bit.bxor(one[at], other[at])) end
  return differ == 0
end

-- Returns whether the mailbox is claimed, and whether its owner has that token's hash or is that person.
local function owned(token, person)
  local owner = redis.call('HMGET', AT .. 'owner', 'token', 'person')
  if not (owner[1] or owner[2]) then return false, false end
  local theirs = same(owner[1], token) or same(owner[2], person)
  if theirs and redis.call('PTTL', AT .. 'owner') < CLAIM_MS - DAY_MS then
    redis.call('PEXPIRE', AT .. 'owner', CLAIM_MS)
  end
  return true, theirs
end

-- Raises the revision of a claimed mailbox and tells those who watch it.
local function announce()
  hint(redis.call('HINCRBY', AT .. 'owner', 'rev', 1))
end

-- Deletes all letters, and what follows from them.
local function empty()
  local names = { 'box', 'talks', 'heads', 'unread', 'waits', 'waiting', 'order', 'excess', 'strange', 'known' }
  for _, name in ipairs(names) do
    redis.call('UNLINK', AT .. name)
  end
end
