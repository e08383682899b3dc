-- Creates a document, once (after look.lua).
-- ARGV[1] the person   ARGV[2] what they see of it   ARGV[3] the value   ARGV[4] how long an idle document lasts, ms
-- ARGV[5] names this call: one that comes again finds what it created   ARGV[6] the version
-- Returns what look() does, or {} if there is another document.
local made = redis.call('HGET', DOCUMENT, 'made')
if made and made ~= ARGV[5] then return {} end
if not made then
  redis.call('HSET', DOCUMENT, 'version', ARGV[6], 'rev', 1, 'value', ARGV[3], 'own:' .. ARGV[1], ARGV[2], 'made', ARGV[5])
  redis.call('PEXPIRE', DOCUMENT, ARGV[4])
  redis.call('SPUBLISH', CHANGES, 1)
end
return look(1, 1, 1, 0)
