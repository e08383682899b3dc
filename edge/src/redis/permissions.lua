#!lua flags=no-writes
-- Tells which commands the user may not call in scripts. Redis looks whether they are permitted before it refuses the
-- writing ones, as this script may only read, and the others' nonsensical arguments: none has any effect.
-- ARGV[1]: a key, and channel, that nothing else uses; not in KEYS, as any node of a cluster has to answer
-- ARGV[2...]: the commands
-- Returns what is forbidden: commands, "keys", "channels"
local scratch = ARGV[1]

local function attempt(command)
    local call = {}
    for word in string.gmatch(command, '%S+') do
        call[#call + 1] = word
    end
    -- Where the number of arguments is wrong, Redis looks no further.
    for round = 1, 8 do
        local answer = redis.pcall(unpack(call))
        local text = type(answer) == 'table' and answer.err
        if not (text and string.find(text, 'Wrong number of args', 1, true)) then
            return text
        end
        call[#call + 1] = round == 1 and scratch or 'x'
    end
end

local forbidden, seen = {}, {}
for place = 2, #ARGV do
    local text = attempt(ARGV[place])
    if text and (string.find(text, 'NOPERM', 1, true) or string.find(text, 'The user executing', 1, true)) then
        local what = ARGV[place]
        if string.find(text, 'channel', 1, true) then
            what = 'channels'
        elseif string.find(text, ' key', 1, true) then
            what = 'keys'
        end
        if not seen[what] then
            seen[what] = true
            forbidden[#forbidden + 1] = what
        end
    end
end
return forbidden
