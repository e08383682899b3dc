-- The time by Redis's clock, and whole numbers as text (Lua would write large ones as 1e+15).
local time = redis.call('TIME')
local NOW_S, NOW_MS = tonumber(time[1]), time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number) return string.format('%.0f', number) end
