-- Finds correspondents with unseen letters if they are few, for mailbox.lua (after prelude.lua).

-- Up to this many are looked up one by one and sorted, as they may be the oldest among many conversations.
local FEW = 500

-- A flat list of correspondents and their numbers of unseen letters: the newest `most`, none older than that rev.
local function newest_unread(first_rev, most)
  local counts, others = redis.call('HGETALL', AT .. 'unread'), {}
  for at = 1, #counts, 2 do others[#others + 1] = counts[at] end
  local revs, found = redis.call('ZMSCORE', AT .. 'talks', unpack(others)), {}
  for at = 1, #others do
    local rev = tonumber(revs[at] or -1)
    if rev >= tonumber(first_rev) then found[#found + 1] = { rev, others[at], counts[2 * at] } end
  end
  table.sort(found, function(one, other) return one[1] > other[1] end)
  local newest = {}
  for at = 1, math.min(#found, most) do newest[2 * at - 1], newest[2 * at] = found[at][2], found[at][3] end
  return newest
end
