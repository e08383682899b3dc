-- Reads a document for some persons and some sources of changes (after look.lua).
-- ARGV[1] the number of sources   ARGV[2] the number of persons, then the persons
-- Returns what look() does.
return look(3, tonumber(ARGV[2]), 1, tonumber(ARGV[1]))
