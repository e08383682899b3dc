-- Reads letters, oldest first (after prelude.lua, owner.lua, kept.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none   ARGV[3] for how long letters are kept, ms
-- ARGV[4] 1: whoever asks may read   ARGV[5] 1: not what the owner wrote   ARGV[6] after which; '' for the first
-- ARGV[7] how many at most   ARGV[8] how many to look at
-- Returns { the last that was looked at, '' where there are no more; the letters }; or NOT_OWNER.
if ARGV[4] ~= '1' then
  local _, theirs = owned(ARGV[1], ARGV[2])
  if not theirs then return NOT_OWNER end
end

local from, limit = oldest_kept(ARGV[3]), tonumber(ARGV[7])
if ARGV[6] ~= '' and tonumber(string.match(ARGV[6], '^%d+')) >= tonumber(from) then from = '(' .. ARGV[6] end
local looked = redis.call('XRANGE', AT .. 'box', from, '+', 'COUNT', ARGV[8])
local found = {}
-- There may be more after as many as are looked at.
local is_cut = #looked == tonumber(ARGV[8])
for at, entry in ipairs(looked) do
  if ARGV[5] ~= '1' or not is_own(entry) then found[#found + 1] = entry end
  if #found == limit then return { (at < #looked or is_cut) and entry[1] or '', found } end
end
return { is_cut and looked[#looked][1] or '', found }
