-- Notes how long participants' newest messages took (after prelude.lua).
-- ARGV for each message: the party's code, the person, the time in ms
-- A figure that hardly differs from the one that is known is left out: everybody in the party would be told of it.
for at = 1, #ARGV, 3 do
  local code, person, ms = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local now_in, id = seat(person)
  if now_in == code then
    local known = tonumber(redis.call('HGET', PARTY .. code, 't:' .. id))
    if not known or math.abs(ms - known) > math.max(known / 4, 5) then
      redis.call('HSET', PARTY .. code, 't:' .. id, whole(ms))
      announce(code)
    end
  end
end
