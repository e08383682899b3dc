-- Adds letters to a mailbox (after prelude.lua).

-- An unclaimed mailbox keeps letters for at most a day.
local DAY_MS = 86400000
-- All keys outlive the newest letter by a minute.
local MINUTE_MS = 60000

-- Gives a key created since the last tidying the same TTL as the letters.
local function last(name)
  local left = redis.call('PTTL', AT .. 'box')
  if left > 0 and redis.call('PTTL', AT .. name) == -1 then redis.call('PEXPIRE', AT .. name, left) end
end

-- Removes letters that are too old at the time of a new letter, and conversations that are empty by then. Runs about once
-- a minute: not while all keys outlive the letters. `rev` is nil if the mailbox is unclaimed.
local function tidy(now, rev, kept_ms)
  kept_ms = rev and tonumber(kept_ms) or math.min(kept_ms, DAY_MS)
  if redis.call('PTTL', AT .. 'box') >= kept_ms then return end
  local now_ms = string.match(now, '^%d+')
  redis.call('XTRIM', AT .. 'box', 'MINID', string.format('%.0f', math.max(now_ms - kept_ms, 0)))
  for _, name in ipairs({ 'box', 'talks', 'heads', 'unread', 'waits', 'waiting' }) do
    redis.call('PEXPIRE', AT .. name, string.format('%.0f', kept_ms + MINUTE_MS))
  end
  local oldest = redis.call('XRANGE', AT .. 'box', '-', '+', 'COUNT', 1)[1]
  local before = oldest and '(' .. (field(oldest, 'rev') or 0) or '+inf'
  for sorted, hashes in pairs({ talks = { 'heads', 'unread' }, waits = { 'waiting' } }) do
    repeat
      local gone = redis.call('ZRANGEBYSCORE', AT .. sorted, '-inf', before, 'LIMIT', 0, 1000)
      if #gone > 0 then
        redis.call('ZREM', AT .. sorted, unpack(gone))
        for _, name in ipairs(hashes) do redis.call('HDEL', AT .. name, unpack(gone)) end
      end
    until #gone < 1000
  end
end

-- Adds a letter; `sent` is '' for now. If the mailbox is claimed, extends the conversation and tells those who watch.
-- Returns the letter's cursor, and its rev if the mailbox is claimed.
local function put(flags, id, other, text, sent, kept_max)
  local entry, rev = { 'flags', flags, 'id', id, 'other', other, 'text', text }, nil
  if redis.call('EXISTS', AT .. 'owner') == 1 then
    rev = redis.call('HINCRBY', AT .. 'owner', 'rev', 1)
    -- Whoever gets letters uses the name.
    if redis.call('PTTL', AT .. 'owner') <= UNUSED_MS then redis.call('PEXPIRE', AT .. 'owner', CLAIM_MS) end
    entry[9], entry[10] = 'rev', rev
    entry[11], entry[12] = 'prev', redis.call('HGET', AT .. 'heads', other) or ''
  end
  if sent ~= '' then
    local count = #entry
    entry[count + 1], entry[count + 2] = 'sent', sent
  end
  local at = redis.call('XADD', AT .. 'box', 'MAXLEN', kept_max, '*', unpack(entry))
  if not rev then return at, nil end

  redis.call('HSET', AT .. 'heads', other, at)
  redis.call('ZADD', AT .. 'talks', rev, other)
  if (flags == '' or flags == 'v') and redis.call('HINCRBY', AT .. 'unread', other, 1) == 1 then last('unread') end
  redis.call('PUBLISH', AT .. 'changes', rev)
  return at, rev
end
