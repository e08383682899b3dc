//! How long chat messages take, for all of the party to see.

use super::Parties;
use super::handle::party_script;
use crate::PersonId;
use crate::redis::Script;
use crate::sync::lock;
use crate::tasks::Tasks;
use protocol::PartyCode;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How many participants' times wait at most; beyond them, figures are left out.
const WAITING_MAX: usize = 500;

static TIMED: LazyLock<Script> = party_script!("timed.lua");

/// Times that are yet to be noted in Redis: of each person the newest.
#[derive(Default)]
pub(super) struct Timings {
    waiting: Mutex<HashMap<PersonId, (PartyCode, u32)>>,
    filled: Notify,
}

impl Timings {
    /// A person's message took that long.
    pub(super) fn note(&self, person: PersonId, code: PartyCode, took: Duration) {
        let mut waiting = lock(&self.waiting);
        if waiting.len() < WAITING_MAX || waiting.contains_key(&person) {
            let ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
            waiting.insert(person, (code, ms));
            self.filled.notify_one();
        }
    }

    /// Waits until there are some, and takes them.
    async fn take(&self) -> HashMap<PersonId, (PartyCode, u32)> {
        loop {
            let waiting = std::mem::take(&mut *lock(&self.waiting));
            if !waiting.is_empty() {
                return waiting;
            }
            self.filled.notified().await;
        }
    }
}

impl Parties {
    /// Starts its task.
    pub(crate) fn start(&self, tasks: &Tasks) {
        let parties = self.clone();
        tasks.followers.spawn(|stop| parties.note_timings(stop));
    }

    /// Notes how long messages took, apart from those who sent them: nobody waits for a figure, and one that is lost comes
    /// again with the next message.
    async fn note_timings(self, stop: CancellationToken) {
        let note_all = async {
            loop {
                let timings = self.shared.timings.take().await;
                let noted = self
                    .call::<()>(&TIMED, |call| {
                        for (person, (code, ms)) in timings {
                            call.arg(code.to_string()).arg(person.member()).arg(ms);
                        }
                    })
                    .await;
                if noted.is_err() {
                    self.shared.link.up().await;
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = note_all => {}
        }
    }
}
