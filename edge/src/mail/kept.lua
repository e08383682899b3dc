-- What every script knows that reads letters (after prelude.lua).

-- The least id that a letter has which is kept, be older ones there or not.
local function oldest_kept(kept_ms)
  local time = redis.call('TIME')
  return string.format('%.0f', math.max(time[1] * 1000 + math.floor(time[2] / 1000) - kept_ms, 0))
end

-- The letter that stands there; nothing where it is not kept any more.
local function letter(at, oldest)
  if not at or at == '' or tonumber(string.match(at, '^%d+')) < tonumber(oldest) then return nil end
  return redis.call('XRANGE', AT .. 'box', at, at)[1]
end

local function is_own(entry) return string.find(field(entry, 'flags'), 'o', 1, true) ~= nil end
