-- Stores an incoming message in the recipient's mailbox (after prelude.lua, put.lua).
-- ARGV[1] flags   ARGV[2] its id   ARGV[3] the sender   ARGV[4] its text   ARGV[5] when it was sent, ms; '' for now
-- ARGV[6] how many letters are kept   ARGV[7] for how long, ms   ARGV[8] the most per minute, 0 for any number
-- ARGV[9] identifies it if it can come again, or ''   ARGV[10] how long to remember that, ms
-- Returns { its cursor, the same if it comes again; 1 if it is new; 1 if the mailbox is unclaimed }; or in how many ms to
-- retry.
local seen = ARGV[9] ~= '' and AT .. 'seen:' .. ARGV[9]
local known = seen and redis.call('GET', seen)
if known then return { known, 0, 1 - redis.call('EXISTS', AT .. 'owner') } end

if ARGV[8] ~= '0' then
  local count = redis.call('INCR', AT .. 'came')
  if count == 1 then redis.call('PEXPIRE', AT .. 'came', 60000) end
  if count > tonumber(ARGV[8]) then return math.max(redis.call('PTTL', AT .. 'came'), 1) end
end
local at, rev = put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
if seen then redis.call('SET', seen, at, 'PX', ARGV[10]) end
tidy(at, rev, ARGV[7])
return { at, 1, rev and 0 or 1 }
