-- Finds listed parties near a place, the nearest first (after prelude.lua, near.lua).
-- ARGV[2..3] see near.lua   ARGV[4] how many   ARGV[5] the least nearness: the cosine of the radius
-- ARGV[6] how many branches to look into at most
-- Returns a flat list: code, cell, participants, leader's id, leader's name or false, region; six a party.
-- It always looks into what is nearest, so it never sees more than lies about as near as what it finds:
-- neither many parties in one cell nor many elsewhere take time.
local limit, least, looks = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
-- Branches of no more parties than this are not worth dividing.
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

-- Puts a branch into the queue, or its parties where they are few.
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
