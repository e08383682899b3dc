-- Gives away the next number of a player (after prelude.lua).
-- ARGV[1] how many were given, as far as the instance knows
-- Returns how many were given, this one included.
local given = note('given', ARGV[1])
return whole(note('given', given + 1))
