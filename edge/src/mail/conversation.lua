-- Reads a conversation, newest letter first (after prelude.lua, owner.lua, kept.lua).
-- ARGV[1..3] as of read.lua   ARGV[4] the correspondent   ARGV[5] the letter to start from, '' for the newest
-- ARGV[6] the most letters
-- Returns { the letter before these, '' if none is kept; the letters }; or NOT_OWNER.
local _, theirs = owned(ARGV[1], ARGV[2])
if not theirs then return NOT_OWNER end

local oldest, found = oldest_kept(ARGV[3]), {}
local at = ARGV[5] ~= '' and ARGV[5] or redis.call('HGET', AT .. 'heads', ARGV[4])
local next = letter(at, oldest)
-- The cursor must be of this conversation.
if next and field(next, 'other') ~= ARGV[4] then next = nil end
while next and #found < tonumber(ARGV[6]) do
  found[#found + 1] = next
  next = letter(field(next, 'prev'), oldest)
end
return { next and next[1] or '', found }
