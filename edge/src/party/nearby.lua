-- Finds listed parties near a place, the nearest first (after prelude.lua, near.lua).
-- ARGV[2..3] see near.lua   ARGV[4] how many   ARGV[5] the least nearness: the cosine of the radius
-- ARGV[6] how many branches to look into at most
-- Returns a flat list: code, cell, participants, leader's id, leader's name or false, region; six a party.
-- Of what is nearest it always looks into the next, so it never sees more than lies about as near as what it
-- finds: neither many parties in one cell nor many cells elsewhere take time.
local limit, least, looks = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
-- Branches of no more cells than this are not worth dividing.
local FEW = 8

local found, parties = {}, 0
local function collect(cell)
  for _, code in ipairs(redis.call('ZREVRANGE', CELL .. cell, 0, limit - parties - 1)) do
    local count, leader, region = unpack(redis.call('HMGET', PARTY .. code, 'count', 'leader', 'region'))
    local name = redis.call('HGET', PARTY .. code, 'n:' .. (leader or ''))
    for _, value in ipairs({ code, cell, count, leader, name, region }) do found[#found + 1] = value end
    parties = parties + 1
  end
end

-- Puts a branch into the queue, or its cells where they are few.
local function look(score, column, row, n)
  local last = whole(score + 4 ^ n - 1)
  local count = redis.call('ZCOUNT', CELLS, whole(score), last)
  looks = looks - 1
  if count > FEW then
    local branch = { score, column, row, n }
    enqueue(branch_nearness(branch), branch)
  elseif count > 0 then
    for _, cell in ipairs(redis.call('ZRANGEBYSCORE', CELLS, whole(score), last)) do
      enqueue(cell_nearness(cell), cell)
    end
  end
end

look(0, 0, 0, 16)
while #queue > 0 and parties < limit and looks > 0 do
  local nearness, what = unpack(table.remove(queue))
  if nearness < least then break end
  if type(what) == 'string' then
    collect(what)
  else
    local score, column, row, n = unpack(what)
    local half = 2 ^ (n - 1)
    for quarter = 0, 3 do
      look(score + quarter * 4 ^ (n - 1), column + quarter % 2 * half, row + math.floor(quarter / 2) * half, n - 1)
    end
  end
end
return found
