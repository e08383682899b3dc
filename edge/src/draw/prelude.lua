-- Opens every script of the draw: names its keys, and what several of them do.
-- KEYS as redis/keys.rs lists them; POINTS begins the names of chunks, which are of the same slot.
-- ROUND is the running round: number, fence, started_ms, next_ms, players, points_max, minimum, chunks.
-- MAKING is the one that is made, under the newest fence: number, fence, chunks, written. FENCE is the fence that was
-- given last.
local ROUND, MAKING, LEASE, FENCE, ASKED, POINTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local CHANGES = KEYS[7]

local time = redis.call('TIME')
local NOW_MS = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number) return string.format('%.0f', number) end

local function chunk(number, fence, at) return POINTS .. number .. ':' .. fence .. ':' .. whole(at) end

local function publish() redis.call('PUBLISH', CHANGES, '') end
