-- Stores an incoming message in the recipient's mailbox (after prelude.lua, index.lua, drop.lua, put.lua, admit.lua).
-- ARGV[1..8] as of put.lua
-- ARGV[9] the most per minute, 0 for any number   ARGV[10] the most per minute of unverified senders
-- ARGV[11] the cluster that the sender belongs to, '' for this one
-- ARGV[12] identifies it if it can come again, or ''   ARGV[13] how long to remember that, ms
-- Returns { its cursor, the same if it comes again; 1 if it is new; 1 if the mailbox is unclaimed }; in how many ms to
-- retry; BLOCKED or UNVERIFIED_BLOCKED.
local seen = ARGV[12] ~= '' and AT .. 'seen:' .. ARGV[12]
local known = seen and redis.call('GET', seen)
if known then return { known, 0, 1 - redis.call('EXISTS', AT .. 'owner') } end

-- Notices always come.
if ARGV[9] ~= '0' then
  local blocks = redis.call('HMGET', AT .. 'owner', 'b:' .. ARGV[3], 'b:@' .. ARGV[11], 'b:?')
  if blocks[1] or blocks[2] then return BLOCKED end
  if blocks[3] and ARGV[1] == '' then return UNVERIFIED_BLOCKED end
  local late = admit(ARGV[1], ARGV[3], tonumber(ARGV[9]), tonumber(ARGV[10]))
  if late then return late end
end
local at, rev = put()
if seen then redis.call('SET', seen, at, 'PX', ARGV[13]) end
return { at, 1, rev and 0 or 1 }
