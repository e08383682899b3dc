-- Stores decided changes, unless others have stored some since or it is another instance's turn (after look.lua).
-- ARGV[1] the version that they were decided on   ARGV[2] the instance   ARGV[3] how long a turn lasts, ms
-- ARGV[4] how long an idle document lasts, ms   ARGV[5] the new value, '' where it is as before   ARGV[6] the new version
-- ARGV[7] the number of persons, then for each: the person; what they see, '' where it is as before
-- then for each mark: its new text, '' where it is as before; how long it lasts, s
-- Returns {} where they are stored; else the document as look() returns it, and at the end 1 if it is another's turn.
local persons = tonumber(ARGV[7])
local sources = (#ARGV - 7) / 2 - persons
local holder = redis.call('GET', TURN)
local is_others = holder and holder ~= ARGV[2]
local head = redis.call('HMGET', DOCUMENT, 'version', 'rev')
if is_others or (head[1] or '0') ~= ARGV[1] then
  -- Whoever is far away would always come late: the loser has the next turn alone.
  if not holder then redis.call('SET', TURN, ARGV[2], 'PX', ARGV[3]) end
  local found = look(8, persons, 2, sources)
  found[6] = is_others and 1 or 0
  return found
end
if holder then redis.call('DEL', TURN) end
local fields = { 'version', ARGV[6] }
local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
for at = 0, persons - 1 do
  local person, own = ARGV[8 + 2 * at], ARGV[9 + 2 * at]
  if own ~= '' then
    set('own:' .. person, own)
    redis.call('SPUBLISH', CHANGES .. ':' .. person, '')
  end
end
if ARGV[5] ~= '' then set('value', ARGV[5]) end
if #fields > 2 then
  set('rev', string.format('%.0f', (head[2] or 0) + 1))
  redis.call('SPUBLISH', CHANGES, '')
end
redis.call('HSET', DOCUMENT, unpack(fields))
redis.call('PEXPIRE', DOCUMENT, ARGV[4])
for at = 1, sources do
  local mark = 6 + 2 * persons + 2 * at
  if ARGV[mark] ~= '' then redis.call('SET', KEYS[3 + at], ARGV[mark], 'EX', ARGV[mark + 1]) end
end
return {}
