-- Opens every script of a document.
-- KEYS[1] the hash of the document: 'version' is another random number after each call that stores anything, 'rev' grows
-- with each that changes what anybody sees, 'value' is what everybody sees, 'own:PERSON' what one person sees; 'made' names
-- the call that created it
-- KEYS[2] the channel of changes, and with a person after it that of what they see   KEYS[3] whose turn it is to store
-- KEYS[4..] the mark of a source of changes, one key each: its newest decided change, refused ones, and those that never came
local DOCUMENT, CHANGES, TURN = KEYS[1], KEYS[2], KEYS[3]

-- The document, as { version, rev, value, what each person sees, each mark }; false for what is not there. The persons are
-- arguments, `step` apart. (A cluster's calls name one key more, so #KEYS tells nothing.)
local function look(first, persons, step, sources)
  local owns, marks = {}, {}
  for at = 1, persons do owns[at] = redis.call('HGET', DOCUMENT, 'own:' .. ARGV[first + (at - 1) * step]) end
  for at = 1, sources do marks[at] = redis.call('GET', KEYS[3 + at]) end
  local head = redis.call('HMGET', DOCUMENT, 'version', 'rev', 'value')
  return { head[1], head[2], head[3], owns, marks }
end
