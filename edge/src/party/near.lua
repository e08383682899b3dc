-- The tree of cells, for nearby.lua: how near its branches are, and a priority queue.
-- ARGV[1] latitude and ARGV[2] longitude of the place, in hundredths of a degree.
-- A branch is a square of 2^n by 2^n cells with consecutive numbers, see cell.rs: { the first cell's number, column
-- and row; n }.
-- Nearness is the cosine of the angle between two places on a sphere: 1 is the same place.
local RAD = math.pi / 18000
local HERE_LAT, HERE_LNG = ARGV[1] * RAD, tonumber(ARGV[2])
local SIN, COS = math.sin(HERE_LAT), math.cos(HERE_LAT)

-- The nearness of the nearest point of a piece of a meridian that is `away` hundredths of a degree of longitude away.
local function meridian(from_lat, to_lat, away)
  local from, to, across = from_lat * RAD, to_lat * RAD, COS * math.cos(away * RAD)
  local nearest = math.atan2(SIN, across)
  if nearest < from or nearest > to then
    return math.max(SIN * math.sin(from) + across * math.cos(from), SIN * math.sin(to) + across * math.cos(to))
  end
  return math.sqrt(SIN * SIN + across * across)
end

-- The difference between two longitudes, the short way round.
local function between(one, other)
  local away = math.abs(one - other)
  return math.min(away, 36000 - away)
end

-- The nearness of the nearest point of a branch: it lies on our meridian or on an edge of the branch's.
local function branch_nearness(branch)
  local side = 2 ^ branch[4] - 1
  local west, south = branch[2] - 18000, branch[3] - 9000
  local east, north = math.min(west + side, 18000), math.min(south + side, 9000)
  if west <= HERE_LNG and HERE_LNG <= east then return meridian(south, north, 0) end
  return meridian(south, north, math.min(between(HERE_LNG, west), between(HERE_LNG, east)))
end

local function cell_nearness(cell)
  local lat, lng = string.match(cell, '^(-?%d+),(-?%d+)$')
  return meridian(lat, lat, between(HERE_LNG, lng))
end

-- Branches and parties to look at, as { nearness, what }: the nearest last; of equals, the latest last.
local queue = {}
local function enqueue(nearness, what)
  local from, to = 1, #queue + 1
  while from < to do
    local middle = math.floor((from + to) / 2)
    if queue[middle][1] <= nearness then from = middle + 1 else to = middle end
  end
  table.insert(queue, from, { nearness, what })
end
