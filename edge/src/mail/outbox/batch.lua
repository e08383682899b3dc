-- How messages are put into a batch, for take.lua (after prelude.lua).
local found, bytes = {}, 0

-- Adds a message to what is returned: { id, fields, tries and reason }. Where it was not tried itself, the peer's own
-- reason is the one.
local function add(entry)
  local tries = redis.call('HGET', TRIES, entry[1])
  tries = tries or '0 ' .. (redis.call('HGET', PEER, 'reason') or '')
  found[#found + 1] = { entry[1], entry[2], tries }
  for _, text in ipairs(entry[2]) do bytes = bytes + #text end
end

-- Adds what stands in a part of the stream, but for what is beyond so many.
local function add_all(from, to, most)
  for _, entry in ipairs(redis.call('XRANGE', MESSAGES, from, to, 'COUNT', most)) do add(entry) end
end

-- Takes a message, unless it is gone.
local function take(id)
  local entry = redis.call('XRANGE', MESSAGES, id, id)[1]
  if not entry then return redis.call('ZREM', FLIGHT, id) end
  redis.call('ZADD', FLIGHT, 'NX', #found, id)
  add(entry)
end

-- The message after those that were read before, and whom it is for; nothing after the last.
local function read_next()
  local read = redis.call('XREADGROUP', 'GROUP', GROUP, SENDER, 'COUNT', 1, 'STREAMS', MESSAGES, '>')
  if not read then return nil end
  local id, fields = unpack(read[1][2][1])
  return id, recipient(fields)
end
