-- Stores an incoming message in the recipient's mailbox (after prelude.lua, index.lua, drop.lua, put.lua, admit.lua).
-- ARGV[1..8] as of put.lua
-- ARGV[9] the most per minute, 0 for any number   ARGV[10] the most per minute of unverified senders
-- ARGV[11] identifies it if it can come again, or ''   ARGV[12] how long to remember that, ms
-- Returns { its cursor, the same if it comes again; 1 if it is new; 1 if the mailbox is unclaimed }; or in how many ms to
-- retry.
local seen = ARGV[11] ~= '' and AT .. 'seen:' .. ARGV[11]
local known = seen and redis.call('GET', seen)
if known then return { known, 0, 1 - redis.call('EXISTS', AT .. 'owner') } end

local late = ARGV[9] ~= '0' and admit(ARGV[1], ARGV[3], tonumber(ARGV[9]), tonumber(ARGV[10]))
if late then return late end
local at, rev = put()
if seen then redis.call('SET', seen, at, 'PX', ARGV[12]) end
return { at, 1, rev and 0 or 1 }
