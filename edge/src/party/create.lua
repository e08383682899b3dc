-- Creates a party, led by a person who leaves the one they are in (after prelude.lua, membership.lua).
-- ARGV[2] the person   ARGV[3] their name, '' for none   ARGV[4] the region's code
-- ARGV[5] the cell, 'LAT,LNG' in hundredths of a degree   ARGV[6] 1: it is listed
-- ARGV[7] the cell's number   ARGV[8..] codes to choose from
-- Returns the code, the first that is free; or '' where none is, and nothing has changed.
local person, name, region, cell, listed = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local code
for at = 8, #ARGV do
  if redis.call('EXISTS', PARTY .. ARGV[at]) == 0 then
    code = ARGV[at]
    break
  end
end
if not code then return '' end

depart(person)
redis.call('HSET', PARTY .. code, 'region', region, 'cell', cell, 'listed', listed, 'created', whole(NOW_MS),
  'leader', '0')
if listed == '1' then
  local minute = math.floor(NOW_MS / 60000) % MINUTES
  redis.call('ZADD', LISTED, whole(ARGV[7] * MINUTES + minute), code)
end
enter(code, person, name)
return code
