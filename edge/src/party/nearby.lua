-- Finds listed parties near a place, nearest first (after prelude.lua, near.lua).
-- ARGV[1..2] see near.lua   ARGV[3] the most parties   ARGV[4] the least nearness: the cosine of the radius
-- ARGV[5] the most branches to look into
-- Returns a flat list, six values per party: code, cell, participants, leader's id, leader's name or false, region.
-- The search always continues with the nearest branch, so its time depends on what it finds: neither on how many
-- parties share a cell nor on how many there are elsewhere.
local limit, least, looks = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
-- Branches with no more parties than this are not divided.
local FEW = 8

-- The scores of the first and the last party that a branch may hold.
local function range(branch)
  return whole(branch[1] * MINUTES), whole((branch[1] + 4 ^ branch[4]) * MINUTES - 1)
end

local found, parties = {}, 0
local function collect(code)
  local count, leader, region, cell =
    unpack(redis.call('HMGET', PARTY .. code, 'count', 'leader', 'region', 'cell'))
  local name = redis.call('HGET', PARTY .. code, 'n:' .. (leader or ''))
  for _, value in ipairs({ code, cell, count, leader, name, region }) do found[#found + 1] = value end
  parties = parties + 1
end

-- Puts a branch into the queue, or its parties if they are few.
local function look(branch)
  local first, last = range(branch)
  local count = redis.call('ZCOUNT', LISTED, first, last)
  looks = looks - 1
  if count > FEW then
    enqueue(branch_nearness(branch), branch)
  elseif count > 0 then
    for _, code in ipairs(redis.call('ZRANGEBYSCORE', LISTED, first, last)) do
      enqueue(cell_nearness(redis.call('HGET', PARTY .. code, 'cell')), code)
    end
  end
end

look({ 0, 0, 0, 16 })
while #queue > 0 and parties < limit and looks > 0 do
  local nearness, what = unpack(table.remove(queue))
  if nearness < least then break end
  if type(what) == 'string' then
    collect(what)
  elseif what[4] == 0 then
    local first, last = range(what)
    local newest = redis.call('ZREVRANGEBYSCORE', LISTED, last, first, 'LIMIT', 0, limit - parties)
    for _, code in ipairs(newest) do collect(code) end
  else
    local n = what[4] - 1
    for quarter = 0, 3 do
      look({ what[1] + quarter * 4 ^ n, what[2] + quarter % 2 * 2 ^ n, what[3] + math.floor(quarter / 2) * 2 ^ n, n })
    end
  end
end
return found
