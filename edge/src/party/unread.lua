-- Counts the chat messages that persons have not seen (after prelude.lua).
-- ARGV the persons
-- Returns their numbers; 0 for whoever is in no party.
local counts = {}
for at, person in ipairs(ARGV) do
  local code, id = seat(person)
  local total, seen, kept
  if code then
    total, seen = unpack(redis.call('HMGET', PARTY .. code, 'total', 's:' .. id))
    kept = redis.call('XLEN', CHAT .. code)
  end
  -- Of participants that an older server let in, nobody knows what they have seen; and what is no longer kept cannot be read.
  local unseen = (total or 0) - (seen or total or 0)
  counts[at] = math.max(0, math.min(unseen, kept or 0))
end
return counts
