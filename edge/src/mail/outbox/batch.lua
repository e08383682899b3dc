-- Builds a batch, for take.lua (after prelude.lua).
local found, bytes = {}, 0

-- Adds a message to the result: { id, fields, tries and reason }. Before its first try, the reason is the peer's.
local function add(entry)
  local tries = redis.call('HGET', TRIES, entry[1])
  tries = tries or '0 ' .. (redis.call('HGET', PEER, 'reason') or '')
  found[#found + 1] = { entry[1], entry[2], tries }
  for _, text in ipairs(entry[2]) do bytes = bytes + #text end
end

-- Adds the messages of a range of the stream, up to `most`.
local function add_all(from, to, most)
  for _, entry in ipairs(redis.call('XRANGE', MESSAGES, from, to, 'COUNT', most)) do add(entry) end
end

-- Takes a message, unless it has been removed.
local function take(id)
  local entry = redis.call('XRANGE', MESSAGES, id, id)[1]
  if not entry then return redis.call('ZREM', FLIGHT, id) end
  redis.call('ZADD', FLIGHT, 'NX', #found, id)
  add(entry)
end

-- The next unread message and its lane; nothing at the end.
local function read_next()
  local read = redis.call('XREADGROUP', 'GROUP', GROUP, SENDER, 'COUNT', 1, 'STREAMS', MESSAGES, '>')
  if not read then return nil end
  local id, fields = unpack(read[1][2][1])
  return id, lane(fields)
end
