-- Creates a party hosted by a person, who leaves their present one (after prelude.lua, membership.lua).
-- ARGV[1] the person   ARGV[2] their name, '' for none   ARGV[3] the region's code
-- ARGV[4] the cell, 'LAT,LNG' in hundredths of a degree   ARGV[5] 1 to list the party
-- ARGV[6] the cell's number   ARGV[7..] codes to choose from
-- Returns the first code that is free; '' if none is, and nothing has changed.
local person, name, region, cell, listed = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local code
for at = 7, #ARGV do
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
  redis.call('ZADD', LISTED, whole(ARGV[6] * MINUTES + minute), code)
end
enter(code, person, name)
return code
