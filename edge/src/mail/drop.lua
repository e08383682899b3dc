-- Removes letters from a claimed mailbox (after prelude.lua, index.lua).

-- The most letters that one new letter removes.
local DROPS_MAX = 20

-- What a conversation in which the owner writes is entitled to: a tenth of the mailbox.
local function share(kept_max) return math.max(math.floor(kept_max / 10), 1) end

local function find(at) return at and redis.call('XRANGE', AT .. 'box', at, at)[1] end

-- Corrects what is known of a conversation after one of its letters has gone.
local function correct(other, at)
  local left = redis.call('ZLEXCOUNT', AT .. 'order', '[' .. other .. ' ', '(' .. other .. '!')
  if left == 0 then
    redis.call('ZREM', AT .. 'talks', other)
    redis.call('ZREM', AT .. 'excess', other)
    redis.call('SREM', AT .. 'known', other)
    redis.call('HDEL', AT .. 'heads', other)
    redis.call('HDEL', AT .. 'unread', other)
    return
  end
  if tonumber(redis.call('HGET', AT .. 'unread', other) or 0) > left then
    redis.call('HSET', AT .. 'unread', other, left)
  end
  local newest = redis.call('HGET', AT .. 'heads', other) == at and find(cursors(other, nil, 1)[1])
  if newest then
    redis.call('HSET', AT .. 'heads', other, newest[1])
    redis.call('ZADD', AT .. 'talks', field(newest, 'rev'), other)
  end
end

local function drop(entry)
  local at, other, id = entry[1], field(entry, 'other'), field(entry, 'id')
  redis.call('XDEL', AT .. 'box', at)
  redis.call('ZREM', AT .. 'order', place(other, at))
  if redis.call('ZREM', AT .. 'strange', at) == 0 then redis.call('ZINCRBY', AT .. 'excess', -1, other) end
  if string.find(field(entry, 'flags'), 'o', 1, true) and redis.call('ZREM', AT .. 'waits', id) == 1 then
    redis.call('HDEL', AT .. 'waiting', id)
  end
  correct(other, at)
end

-- The letter that goes first if there are too many: the oldest of the conversation that exceeds its share the most, or
-- else the oldest of all. Without having written to anybody, everybody's share is one letter.
local function first_to_go()
  local most = redis.call('ZREVRANGE', AT .. 'excess', 0, 0, 'WITHSCORES')
  if tonumber(most[2] or 0) > 1 then
    local range = { '[' .. most[1] .. ' ', '(' .. most[1] .. '!', 'LIMIT', 0, 1 }
    local member = redis.call('ZRANGEBYLEX', AT .. 'order', unpack(range))[1]
    if member then return find(cursor_of(member)) end
  end
  return redis.call('XRANGE', AT .. 'box', '-', '+', 'COUNT', 1)[1]
end

-- Removes letters that are too old at the time of a new one, and those beyond the limits. Letters of unverified senders
-- only replace one another.
local function make_room(now, kept_max, kept_ms, unverified_max)
  local oldest = string.format('(%.0f', math.max(string.match(now, '^%d+') - kept_ms, 0))
  for _, entry in ipairs(redis.call('XRANGE', AT .. 'box', '-', oldest, 'COUNT', DROPS_MAX)) do drop(entry) end
  for _ = 1, DROPS_MAX do
    local strange = redis.call('ZCARD', AT .. 'strange')
    local is_full = redis.call('XLEN', AT .. 'box') - strange > kept_max
    local gone = strange > unverified_max and find(redis.call('ZRANGE', AT .. 'strange', 0, 0)[1])
    gone = gone or is_full and first_to_go()
    if not gone then return end
    drop(gone)
  end
end
