-- Reads a conversation, newest letter first (after prelude.lua, owner.lua, kept.lua).
-- ARGV[1..3] as of read.lua   ARGV[4] whom it is with   ARGV[5] from which letter back; '' from the newest
-- ARGV[6] how many letters at most
-- Returns { the letter before these, '' where none is kept; the letters }; or NOT_OWNER.
local _, theirs = owned(ARGV[1], ARGV[2])
if not theirs then return NOT_OWNER end

local oldest, found = oldest_kept(ARGV[3]), {}
local at = ARGV[5] ~= '' and ARGV[5] or redis.call('HGET', AT .. 'heads', ARGV[4])
local next = letter(at, oldest)
-- A letter of another conversation is where nobody who reads this one can be.
if next and field(next, 'other') ~= ARGV[4] then next = nil end
while next and #found < tonumber(ARGV[6]) do
  found[#found + 1] = next
  next = letter(field(next, 'prev'), oldest)
end
return { next and next[1] or '', found }
