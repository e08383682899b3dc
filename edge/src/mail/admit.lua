-- Limits what comes to a mailbox in a minute (after prelude.lua).

-- Counts a letter, if it may come now; '' is no flag of a verified sender. Verified senders to whom the owner has never
-- written share half of what may come, one sender may send a tenth, and unverified ones have a budget of their own.
-- Returns in how many ms to retry, or nil.
local function admit(flags, other, most, unverified_most)
  local counts, limits = { 'unverified' }, { unverified_most }
  if flags ~= '' then
    counts, limits = { 'all', '=' .. other }, { most, math.ceil(most / 10) }
    if redis.call('SISMEMBER', AT .. 'known', other) == 0 then
      counts[3], limits[3] = 'strangers', math.ceil(most / 2)
    end
  end
  for number, count in ipairs(redis.call('HMGET', AT .. 'minute', unpack(counts))) do
    if tonumber(count or 0) >= limits[number] then return math.max(redis.call('PTTL', AT .. 'minute'), 1) end
  end
  for _, name in ipairs(counts) do redis.call('HINCRBY', AT .. 'minute', name, 1) end
  if redis.call('PTTL', AT .. 'minute') == -1 then redis.call('PEXPIRE', AT .. 'minute', 60000) end
  return nil
end
