-- Reads the newest messages of parties' chats (after prelude.lua).
-- ARGV[1] the cursor of the last message to read, '+' for the newest   ARGV[2] the most messages and ARGV[3] the most
-- bytes of text: one message beyond them is returned, too   ARGV[4..] codes
-- Returns for each code { 1 if the party exists; messages, newest first }. A message is { cursor; the participant's id;
-- their name or ''; text; the message's id, '' if an older server wrote it }.
local last, messages_max, bytes_max = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

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
for at = 4, #ARGV do
  chats[#chats + 1] = { redis.call('EXISTS', PARTY .. ARGV[at]), read(ARGV[at]) }
end
return chats
