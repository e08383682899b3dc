-- Finds listed parties near a place (after prelude.lua).
-- ARGV[2] how many   ARGV[3] radius, km
-- ARGV[4] longitude and ARGV[5] latitude of the place on the chart of the cells; ARGV[6] by how much more than
-- the radius to search there, km, since the chart may not hold the place itself; ARGV[7..9] the same of the
-- chart of the poles
-- Returns a flat list: code, cell, participants, leader's id, leader's name or false, region; six a party.
-- Rings grow until one holds enough parties. Nothing here takes longer for many parties in one cell.
local limit, radius = tonumber(ARGV[2]), tonumber(ARGV[3])
local charts = { { CELLS, ARGV[4], ARGV[5], ARGV[6] }, { POLAR, ARGV[7], ARGV[8], ARGV[9] } }

-- The closest cells within a ring that hold so many parties, all if they hold fewer; and how many they hold.
local function search(on, ring)
  local cells = redis.call('GEOSEARCH', on[1], 'FROMLONLAT', on[2], on[3], 'BYRADIUS',
    ring + on[4], 'km', 'ASC', 'COUNT', limit)
  local enough, parties = {}, 0
  for at, cell in ipairs(cells) do
    if parties >= limit then break end
    enough[at] = cell
    parties = parties + redis.call('ZCARD', CELL .. cell)
  end
  return enough, parties
end

local ring, cells, polar, parties = 0.5, {}, {}, 0
repeat
  local held, polar_held
  ring = math.min(ring * 2, radius)
  cells, held = search(charts[1], ring)
  polar, polar_held = search(charts[2], ring)
  parties = held + polar_held
until parties >= limit or ring >= radius

local found = {}
for _, some in ipairs({ cells, polar }) do
  for _, cell in ipairs(some) do
    for _, code in ipairs(redis.call('ZREVRANGE', CELL .. cell, 0, limit - 1)) do
      local count, leader, region = unpack(redis.call('HMGET', PARTY .. code, 'count', 'leader', 'region'))
      local name = redis.call('HGET', PARTY .. code, 'n:' .. (leader or ''))
      for _, value in ipairs({ code, cell, count, leader, name, region }) do found[#found + 1] = value end
    end
  end
end
return found
