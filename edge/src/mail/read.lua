-- Reads letters, oldest first (after prelude.lua, owner.lua, kept.lua).
-- ARGV[1] the token's hash, ARGV[2] the person: '' for none   ARGV[3] how long letters are kept, ms
-- ARGV[4] 1: skip the owner check   ARGV[5] 1: leave out what the owner wrote   ARGV[6] the letter to start after, or ''
-- ARGV[7] the most letters to return   ARGV[8] the most to look at
-- Returns { the last one looked at, '' at the end; the letters }; or NOT_OWNER.
if ARGV[4] ~= '1' then
  local _, theirs = owned(ARGV[1], ARGV[2])
  if not theirs then return NOT_OWNER end
end

local from, limit = oldest_kept(ARGV[3]), tonumber(ARGV[7])
if ARGV[6] ~= '' and tonumber(string.match(ARGV[6], '^%d+')) >= tonumber(from) then from = '(' .. ARGV[6] end
local looked = redis.call('XRANGE', AT .. 'box', from, '+', 'COUNT', ARGV[8])
local found = {}
-- There may be more beyond those looked at.
local is_cut = #looked == tonumber(ARGV[8])
for at, entry in ipairs(looked) do
  if ARGV[5] ~= '1' or not is_own(entry) then found[#found + 1] = entry end
  if #found == limit then return { (at < #looked or is_cut) and entry[1] or '', found } end
end
return { is_cut and looked[#looked][1] or '', found }
