-- Reads a conversation, newest letter first (after prelude.lua, owner.lua, kept.lua, index.lua, drop.lua).
-- ARGV[1..3] as of read.lua   ARGV[4] the correspondent   ARGV[5] the letter to start from, '' for the newest
-- ARGV[6] the most letters   ARGV[7] how many letters are kept
-- Returns { the letter before these, '' if none is kept; the letters }; or NOT_OWNER.
local _, theirs = owned(ARGV[1], ARGV[2])
if not theirs then return NOT_OWNER end

index(share(ARGV[7]))
local most, oldest, found = tonumber(ARGV[6]), oldest_kept(ARGV[3]), {}
for _, at in ipairs(cursors(ARGV[4], ARGV[5] ~= '' and ARGV[5], most + 1)) do
  local entry = letter(at, oldest)
  if #found == most then return { entry and at or '', found } end
  if entry then found[#found + 1] = entry end
end
return { '', found }
