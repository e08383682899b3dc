-- The whole world at one revision (after prelude.lua).
-- Returns { the world and its instances as JSON; samples of the history, oldest first }.
local regions = {}
for at, code in ipairs(redis.call('HKEYS', PLACES)) do regions[at] = region(code) end
local instances = {}
for at, id in ipairs(redis.call('HKEYS', INSTANCES)) do instances[at] = news(id) end
local world = '{"epoch":' .. whole(epoch) .. ',"rev":' .. whole(rev) .. ',"age_ms":0,"regions":['
  .. table.concat(regions, ',') .. '],"instances":[' .. table.concat(instances, ',') .. ']}'
return { world, redis.call('LRANGE', HISTORY, 0, -1) }
