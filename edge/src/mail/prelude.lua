-- Opens every script of a mailbox.
-- KEYS[1] the prefix of its keys, all in one slot. Their suffixes:
--   box     the stream of letters: fields flags ('o' own, 'v' verified, 'u' nobody had claimed the recipient's address),
--           id, other, text; sent, if that is not the entry's own time, ms; rev, if the mailbox is claimed
--   owner   hash: token, person, whichever there are; rev, raised by each change; for whom it blocks, b:ADDRESS,
--           b:@CLUSTER, and b:? for all unverified senders
--   talks   the conversations: sorted set of correspondents, by the rev of the newest letter
--   heads   hash: the newest letter with each   unread  hash: the number of unseen letters of each
--   waits   sorted set of the ids of own letters that another cluster does not have yet, by the letter's rev
--   waiting hash: their status, as JSON               done:ID the status, if it came before the letter
--   order   the letters by correspondent and cursor: sorted set, all scores 0
--   strange sorted set: the letters of unverified senders, by rev
--   known   set: to whom the owner has written
--   excess  sorted set of correspondents, by their number of other letters; those that are known, by it less their share
--   minute  hash: the numbers of letters that came in this minute: all; strangers, of those not known; unverified, not in
--           all; =SENDER
--   sent    the number of messages from the address in this minute
--   seen:WHAT        the cursor of an incoming message; WHAT is its id, after `peer:NAME:` if from another cluster,
--                    or `notice:` and the id of the message that a notice is about
--   own:ID           exists once the copy of an own message is stored
--   key:HASH         the message that was sent with an idempotency key
--   given            who gave the address back, '' for the holder of a token: only they may claim it while this exists
--   changes          the channel with a hint for each change
--   unread:changes   the same for those who are told only how many letters are unseen
-- An unclaimed address has at most box, minute, sent, seen, key and given.
local AT = KEYS[1]
local NOT_OWNER, KEY_REUSED, BLOCKED, UNVERIFIED_BLOCKED, TOO_MANY_BLOCKS = -1, -2, -3, -4, -5

-- A claim expires 400 days after its last use, and one that was never used after seven: whoever claims many names keeps few.
local CLAIM_MS, UNUSED_MS = 34560000000, 604800000

-- A field of a letter.
local function field(entry, name)
  for at = 1, #entry[2], 2 do
    if entry[2][at] == name then return entry[2][at + 1] end
  end
end

-- Tells those who watch the mailbox that it has changed.
local function hint(rev)
  redis.call('SPUBLISH', AT .. 'changes', rev)
  redis.call('SPUBLISH', AT .. 'unread:changes', '')
end
