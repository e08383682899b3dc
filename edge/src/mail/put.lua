-- Adds letters to a mailbox (after prelude.lua, index.lua, drop.lua).

-- An unclaimed mailbox keeps letters for at most a day.
local DAY_MS = 86400000
-- All keys outlive the newest letter by a minute.
local MINUTE_MS = 60000

-- Extends the TTL of all keys about once a minute: not while they outlive the letters. `rev` is nil if the mailbox is
-- unclaimed.
local function tidy(rev, kept_ms)
  kept_ms = rev and tonumber(kept_ms) or math.min(kept_ms, DAY_MS)
  if redis.call('PTTL', AT .. 'box') >= kept_ms then return end
  for _, name in ipairs({ 'box', 'unread', 'waits', 'waiting', unpack(INDEX) }) do
    redis.call('PEXPIRE', AT .. name, string.format('%.0f', kept_ms + MINUTE_MS))
  end
end

-- Adds a letter. ARGV[1] flags   ARGV[2] its id   ARGV[3] the correspondent   ARGV[4] its text
-- ARGV[5] when it was sent, ms; '' for now   ARGV[6] how many letters are kept   ARGV[7] for how long, ms
-- ARGV[8] how many letters of unverified senders are kept beside them
-- If the mailbox is claimed, extends the conversation, makes room, and tells those who watch.
-- Returns the letter's cursor, and its rev if the mailbox is claimed.
local function put()
  local flags, other = ARGV[1], ARGV[3]
  local entry, rev = { 'flags', flags, 'id', ARGV[2], 'other', other, 'text', ARGV[4] }, nil
  if redis.call('EXISTS', AT .. 'owner') == 1 then
    index(share(ARGV[6]))
    rev = redis.call('HINCRBY', AT .. 'owner', 'rev', 1)
    -- Whoever gets letters uses the name.
    if redis.call('PTTL', AT .. 'owner') <= UNUSED_MS then redis.call('PEXPIRE', AT .. 'owner', CLAIM_MS) end
    entry[9], entry[10] = 'rev', rev
  end
  if ARGV[5] ~= '' then
    local count = #entry
    entry[count + 1], entry[count + 2] = 'sent', ARGV[5]
  end
  if not rev then
    -- Nobody will ever read these.
    local at = redis.call('XADD', AT .. 'box', 'MAXLEN', ARGV[8], '*', unpack(entry))
    tidy(nil, ARGV[7])
    return at, nil
  end

  local at = redis.call('XADD', AT .. 'box', '*', unpack(entry))
  list(at, rev, other, flags, share(ARGV[6]))
  if (flags == '' or flags == 'v') and redis.call('HINCRBY', AT .. 'unread', other, 1) == 1 then last('unread') end
  make_room(at, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]))
  hint(rev)
  tidy(rev, ARGV[7])
  return at, rev
end
