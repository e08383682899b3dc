-- Who owns a mailbox, for the scripts that ask (after prelude.lua).

-- An unused claim lasts so long, 400 days; how long it may have left is put right once a day.
local CLAIM_MS, DAY_MS = 34560000000, 86400000

-- Whether a secret, of whole words of four bytes, is the stored one. It takes the same time wherever they differ.
local function same(stored, given)
  if not stored or #stored ~= #given then return false end
  local words = string.rep('I4', #stored / 4)
  local one, other, differ = { struct.unpack(words, stored) }, { struct.unpack(words, given) }, 0
  for at = 1, #stored / 4 do differ = bit.bor(differ, bit.bxor(one[at], other[at])) end
  return differ == 0
end

-- Whether the mailbox is claimed, and whether it is theirs who bring that token's hash or are that person.
local function owned(token, person)
  local owner = redis.call('HMGET', AT .. 'owner', 'token', 'person')
  if not (owner[1] or owner[2]) then return false, false end
  local theirs = same(owner[1], token) or same(owner[2], person)
  if theirs and redis.call('PTTL', AT .. 'owner') < CLAIM_MS - DAY_MS then
    redis.call('PEXPIRE', AT .. 'owner', CLAIM_MS)
  end
  return true, theirs
end

-- Raises the revision of a claimed mailbox, and tells who watches it.
local function announce()
  redis.call('PUBLISH', AT .. 'changes', redis.call('HINCRBY', AT .. 'owner', 'rev', 1))
end
