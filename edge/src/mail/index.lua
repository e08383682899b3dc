-- A claimed mailbox's letters by conversation, for scripts that add or list them (after prelude.lua).

-- The keys of this index. They last as long as the letters.
local INDEX = { 'talks', 'heads', 'order', 'excess', 'strange', 'known' }

-- Gives a key created since the last tidying the same TTL as the letters.
local function last(name)
  local left = redis.call('PTTL', AT .. 'box')
  if left > 0 and redis.call('PTTL', AT .. name) == -1 then redis.call('PEXPIRE', AT .. name, left) end
end

-- A letter's member in `order`, where letters are sorted by correspondent, then by cursor.
local function place(other, at)
  local ms, number = string.match(at, '^(%d+)-(%d+)$')
  return other .. ' ' .. string.rep('0', 15 - #ms) .. ms .. '-' .. string.rep('0', 15 - #number) .. number
end

-- The cursor in a member of `order`.
local function cursor_of(member)
  local ms, number = string.match(member, ' 0*(%d+)-0*(%d+)$')
  return ms .. '-' .. number
end

-- The letters with a correspondent, newest first: their cursors, from `at` on or from the newest.
local function cursors(other, at, most)
  local from = at and '[' .. place(other, at) or '(' .. other .. '!'
  local found = redis.call('ZREVRANGEBYLEX', AT .. 'order', from, '[' .. other .. ' ', 'LIMIT', 0, most)
  for number, member in ipairs(found) do found[number] = cursor_of(member) end
  return found
end

-- Adds a letter to the index. A conversation that the owner writes in is entitled to `share` letters.
local function list(at, rev, other, flags, share)
  redis.call('HSET', AT .. 'heads', other, at)
  redis.call('ZADD', AT .. 'talks', rev, other)
  redis.call('ZADD', AT .. 'order', 0, place(other, at))
  if not string.find(flags, 'v', 1, true) then
    redis.call('ZADD', AT .. 'strange', rev, at)
    return last('strange')
  end
  local excess = 1
  if string.find(flags, 'o', 1, true) and redis.call('SADD', AT .. 'known', other) == 1 then
    excess = 1 - share
    last('known')
  end
  redis.call('ZINCRBY', AT .. 'excess', excess, other)
end

-- Builds the index of letters that an earlier version stored.
local function index(share)
  if redis.call('ZCARD', AT .. 'order') == redis.call('XLEN', AT .. 'box') then return end
  for _, name in ipairs(INDEX) do redis.call('UNLINK', AT .. name) end
  local from = '-'
  repeat
    local some = redis.call('XRANGE', AT .. 'box', from, '+', 'COUNT', 500)
    for _, entry in ipairs(some) do
      list(entry[1], field(entry, 'rev') or 0, field(entry, 'other'), field(entry, 'flags'), share)
      from = '(' .. entry[1]
    end
  until #some < 500
  for _, name in ipairs(INDEX) do last(name) end
end
