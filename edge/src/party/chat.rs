//! What is said in parties' rooms.

use super::state::{self, StoredRoom};
use super::store::{Outcome, Script, Store, outcome};
use super::{Parties, PartyError};
use crate::PersonId;
use crate::hub::{Watcher, Watches};
use crate::redis::{Link, LinkError, unreadable};
use protocol::{CHAT_MAX, Cursor, MessageText, PartyChat, PartyCode, PartyLine};

/// Most lines of a room that are told at once.
const LINES_MAX: usize = 200;
/// Most bytes of text that are told at once, save for a single line: a script that reads more holds up all of Redis.
const BYTES_MAX: usize = 1 << 20;

/// The scripts of rooms.
pub(super) struct Rooms {
    say: Script,
    read: Script,
    /// Begins the names of the channels.
    said: String,
    /// Rooms that sessions show.
    watches: Watches<PartyCode>,
}

/// Which lines of a room.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// The last of them; without it, up to the newest.
    pub(super) up_to: Option<Cursor>,
    pub(super) lines_max: usize,
    pub(super) bytes_max: usize,
}

impl Rooms {
    pub(super) fn new(link: Link, said: String) -> Self {
        let begin = said.clone();
        Self {
            watches: Watches::new(link, move |code| format!("{begin}{code}")),
            say: Script::new(include_str!("say.lua")),
            read: Script::new(include_str!("chat.lua")),
            said,
        }
    }

    /// Rooms that sessions show.
    pub(super) fn watches(&self) -> &Watches<PartyCode> {
        &self.watches
    }

    /// Says something; what was written comes with the speaker's id.
    async fn say(
        &self,
        store: &Store,
        (code, person): (PartyCode, PersonId),
        text: MessageText,
    ) -> Result<(Outcome, Option<PartyLine>), LinkError> {
        let (id, name, cursor): (i64, String, String) = store
            .call(&self.say, |call| {
                call.arg(code.to_string())
                    .arg(person.member())
                    .arg(text.as_str())
                    .arg(CHAT_MAX)
                    .arg(&self.said);
            })
            .await?;
        let outcome = outcome(id)?;
        let line = match outcome {
            Outcome::Done(id) => state::line((cursor, id, name, text.into())),
            _ => None,
        };
        Ok((outcome, line))
    }

    /// That part of these parties' rooms, in this order; nothing where there is no party of that code.
    pub(super) async fn read(
        &self,
        store: &Store,
        codes: &[PartyCode],
        part: Part,
    ) -> Result<Vec<Option<PartyChat>>, LinkError> {
        let up_to = part
            .up_to
            .map_or_else(|| "+".into(), |cursor| cursor.to_string());
        let found: Vec<StoredRoom> = store
            .call(&self.read, |call| {
                call.arg(up_to).arg(part.lines_max).arg(part.bytes_max);
                for code in codes {
                    call.arg(code.to_string());
                }
            })
            .await?;
        let read = |room| state::chat(room, part.lines_max, part.bytes_max);
        Ok(found.into_iter().map(read).collect())
    }
}

impl Parties {
    /// Says something in the party's room, as the participant that the person is.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::NotIn`], [`PartyError::Link`]; after the last it may have been said,
    /// and saying it again may say it twice.
    pub async fn say(
        &self,
        code: PartyCode,
        person: PersonId,
        text: MessageText,
    ) -> Result<PartyLine, PartyError> {
        let said = self.rooms().say(self.store(), (code, person), text).await?;
        self.id(said.0)?;
        Ok(said.1.ok_or_else(|| unreadable("what was said"))?)
    }

    /// What was said last in the party's room, or last up to `before`, that line included: at most `limit` lines,
    /// and never more than 200.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Link`].
    pub async fn chat(
        &self,
        code: PartyCode,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<PartyChat, PartyError> {
        let part = Part {
            up_to: before,
            lines_max: limit.min(LINES_MAX),
            bytes_max: BYTES_MAX,
        };
        let rooms = self.rooms().read(self.store(), &[code], part).await?;
        let room = rooms.into_iter().flatten().next();
        room.ok_or(PartyError::Unknown)
    }

    /// Watches a party's room until the watcher is dropped.
    pub(crate) fn watch_room(&self, code: PartyCode) -> Watcher {
        self.rooms().watches.watch(code)
    }
}
