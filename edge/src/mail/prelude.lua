-- Opens every script of a mailbox.
-- KEYS[1] begins the names of its keys, all of one slot. They end in:
--   box     the stream of letters: fields flags ('o' own, 'v' verified), id, other, text; sent, where that is not
--           the entry's own time, ms; and where the mailbox is claimed, rev and prev, the letter before of both
--   owner   hash: token and person, as far as there are such; rev, raised by each change
--   talks   sorted set of whom the owner writes with, by the rev of the newest letter
--   heads   hash: the newest letter of each of them   unread  hash: how many letters of each of them are unseen
--   waits   sorted set of own letters' ids that another cluster does not have, by the letter's rev
--   waiting hash: what is to say of them, as JSON     done:ID that, where it came before the letter
--   came, sent       messages of this minute to and from the address
--   seen:WHAT        where a message stands that came: its id, after `peer:NAME:` where another cluster brought it;
--                    or of the notice about a message, `notice:` and that one's id
--   own:ID           exists while the copy of an own one is stored
--   key:HASH         the message that was sent with an idempotency key
--   changes          the channel: hints that it is as it was no longer
-- Of an address that nobody has claimed there are box, came, sent, seen and key at most.
local AT = KEYS[1]
local NOT_OWNER, KEY_REUSED = -1, -2

-- A field of a letter.
local function field(entry, name)
  for at = 1, #entry[2], 2 do
    if entry[2][at] == name then return entry[2][at + 1] end
  end
end
