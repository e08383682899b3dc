-- Removes answered letters from a region's echo, and reads the next ones, oldest first (after time.lua).
-- KEYS[1] as of echo_put.lua   ARGV[1] the letter to start after, '' for the oldest   ARGV[2] the most letters to read
-- ARGV[3..] the answered ones
-- Returns { the time, ms; the letters }.
local LETTERS = KEYS[1] .. 'letters'
if #ARGV > 2 then redis.call('XDEL', LETTERS, unpack(ARGV, 3)) end
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
return { NOW_MS, redis.call('XRANGE', LETTERS, from, '+', 'COUNT', ARGV[2]) }
