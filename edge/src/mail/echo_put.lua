-- Stores a letter to a region's echo, where it waits for its answer (after time.lua, prelude.lua, admit.lua).
-- KEYS[1] the prefix of the echo's keys: letters, the stream of those that wait; minute, seen and changes as of a mailbox
-- ARGV[1] the most per minute   ARGV[2] the most that wait   ARGV[3] for how long one waits, ms
-- ARGV[4] identifies it if it comes again   ARGV[5] how long to remember that, ms   ARGV[6] the sender
-- ARGV[7..] the entry's fields and values
-- Returns { its cursor, the same if it comes again; 1 if it is new; 0 }; or in how many ms to retry.
local LETTERS, SEEN = AT .. 'letters', AT .. 'seen:' .. ARGV[4]
local known = redis.call('GET', SEEN)
if known then return { known, 0, 0 } end

redis.call('XTRIM', LETTERS, 'MINID', whole(NOW_MS - ARGV[3]))
if redis.call('XLEN', LETTERS) >= tonumber(ARGV[2]) then return 60000 end
local late = admit('v', ARGV[6], tonumber(ARGV[1]), 0)
if late then return late end
local at = redis.call('XADD', LETTERS, '*', unpack(ARGV, 7))
redis.call('PEXPIRE', LETTERS, ARGV[3])
redis.call('SET', SEEN, at, 'PX', ARGV[5])
redis.call('SPUBLISH', AT .. 'changes', at)
return { at, 1, 0 }
