-- Reads a mailbox's state (after prelude.lua, owner.lua, kept.lua, unread.lua).
-- ARGV[1..4] as of read.lua   ARGV[5] the most letters   ARGV[6] the most conversations
-- ARGV[7] the most correspondents with unseen letters, and the most waiting letters
-- Returns { rev, 0 if unclaimed; letters, newest first; a flat list of correspondents and their numbers of unseen letters;
-- a flat list of waiting letters' ids and their status or false; the newest letter of each conversation, newest first };
-- or NOT_OWNER.
if ARGV[4] ~= '1' then
  local _, theirs = owned(ARGV[1], ARGV[2])
  if not theirs then return NOT_OWNER end
end
local rev, most = redis.call('HGET', AT .. 'owner', 'rev'), tonumber(ARGV[7])
if not rev then return { 0, {}, {}, {}, {} } end
local oldest = oldest_kept(ARGV[3])
local first = redis.call('XRANGE', AT .. 'box', oldest, '+', 'COUNT', 1)[1]
if not first then return { tonumber(rev), {}, {}, {}, {} } end
local first_rev = field(first, 'rev')

-- Calls a function with each member of a sorted set, newest first, and its value in a hash, until it returns true.
local function each(sorted, hash, call)
  local last = '+inf'
  while true do
    local some = redis.call('ZREVRANGEBYSCORE', AT .. sorted, last, first_rev, 'WITHSCORES', 'LIMIT', 0, 200)
    if #some == 0 then return end
    local names = {}
    for at = 1, #some, 2 do names[#names + 1] = some[at] end
    local values = redis.call('HMGET', AT .. hash, unpack(names))
    for at, name in ipairs(names) do
      if call(name, values[at]) then return end
    end
    last = '(' .. some[#some]
  end
end

local unread, waiting, conversations = {}, {}, {}
local unseen = redis.call('HLEN', AT .. 'unread')
if unseen > FEW then
  each('talks', 'unread', function(other, count)
    if count then unread[#unread + 1], unread[#unread + 2] = other, count end
    return #unread == 2 * math.min(most, unseen)
  end)
elseif unseen > 0 then
  unread = newest_unread(first_rev, most)
end
each('waits', 'waiting', function(id, what)
  waiting[#waiting + 1], waiting[#waiting + 2] = id, what
  return #waiting == 2 * most
end)
local wanted = tonumber(ARGV[6])
if wanted > 0 then
  each('talks', 'heads', function(_, at)
    conversations[#conversations + 1] = letter(at, oldest)
    return #conversations == wanted
  end)
end
local letters = redis.call('XREVRANGE', AT .. 'box', '+', oldest, 'COUNT', ARGV[5])
return { tonumber(rev), letters, unread, waiting, conversations }
