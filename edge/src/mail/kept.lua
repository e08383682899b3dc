-- For scripts that read letters (after prelude.lua).

-- The lower bound of ids: older letters do not count, even if they still exist.
local function oldest_kept(kept_ms)
  local time = redis.call('TIME')
  return string.format('%.0f', math.max(time[1] * 1000 + math.floor(time[2] / 1000) - kept_ms, 0))
end

-- The letter with that id; nil if it is no longer kept.
local function letter(at, oldest)
  if not at or at == '' or tonumber(string.match(at, '^%d+')) < tonumber(oldest) then return nil end
  return redis.call('XRANGE', AT .. 'box', at, at)[1]
end

local function is_own(entry) return string.find(field(entry, 'flags'), 'o', 1, true) ~= nil end
