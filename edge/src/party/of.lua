-- Where a person is (after prelude.lua).
-- ARGV[2] the person
-- Returns { code, id }, or {} where they are in no party.
return { seat(ARGV[2]) }
