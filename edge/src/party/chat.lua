-- Reads the newest messages of parties' chats (after prelude.lua).
-- ARGV[2] the cursor up to which, '+' for all   ARGV[3] messages and ARGV[4] bytes of text at most: the message
-- that is one too many is the last   ARGV[5..] codes
-- Returns, for each code, { 1 if there is such a party; messages, the newest first }; a message is { cursor, the
-- participant's id, name or '', text, the message's id or '' where an older server wrote it }.
local last, messages_max, bytes_max = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local function read(code)
  local messages, bytes = {}, 0
  local found = redis.call('XREVRANGE', CHAT .. code, last, '-', 'COUNT', messages_max + 1)
  for _, entry in ipairs(found) do
    local fields = entry[2]
    messages[#messages + 1] = { entry[1], fields[2], fields[4], fields[6], fields[8] or '' }
    bytes = bytes + #fields[6]
    if bytes > bytes_max then break end
  end
  return messages
end

local chats = {}
for at = 5, #ARGV do
  chats[#chats + 1] = { redis.call('EXISTS', PARTY .. ARGV[at]), read(ARGV[at]) }
end
return chats
