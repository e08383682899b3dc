-- Finds the party that a person is in (after prelude.lua).
-- ARGV[1] the person
-- Returns { code, id }; {} if they are in no party.
return { seat(ARGV[1]) }
