-- Reads what was said last in parties' rooms (after prelude.lua).
-- ARGV[2] the cursor up to which, '+' for all   ARGV[3] lines and ARGV[4] bytes of text at most: the line that is
-- one too many is the last   ARGV[5..] codes
-- Returns, for each code, { 1 if there is such a party; lines, the newest first }; a line is { cursor, id, name or
-- '', text }.
local last, lines_max, bytes_max = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local function read(code)
  local lines, bytes = {}, 0
  local found = redis.call('XREVRANGE', CHAT .. code, last, '-', 'COUNT', lines_max + 1)
  for _, entry in ipairs(found) do
    local fields = entry[2]
    lines[#lines + 1] = { entry[1], fields[2], fields[4], fields[6] }
    bytes = bytes + #fields[6]
    if bytes > bytes_max then break end
  end
  return lines
end

local rooms = {}
for at = 5, #ARGV do
  rooms[#rooms + 1] = { redis.call('EXISTS', PARTY .. ARGV[at]), read(ARGV[at]) }
end
return rooms
