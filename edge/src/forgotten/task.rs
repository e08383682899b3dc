//! Follows who is forgotten.

use super::Forgotten;
use super::handle::What;
use crate::PersonId;
use crate::redis::{Backoff, LinkError, News, Script, script};
use std::collections::HashMap;
use std::sync::LazyLock;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// The most entries of one call: this many block Redis for less than a millisecond.
const ENTRIES_MAX: usize = 1_000;
/// How far before the newest entry reading goes on, in milliseconds: a replica that takes over may have missed the newest
/// ones, and its clock may be behind.
const OVERLAP_MS: u64 = 60_000;

static READ: LazyLock<Script> = LazyLock::new(|| script!("read.lua"));

/// An entry: its id, and its fields with their values.
type Entry = (String, HashMap<String, String>);

/// Keeps an instance's copy up to date.
pub(crate) struct ForgottenTask {
    forgotten: Forgotten,
    /// The newest entry that was taken in: its time in milliseconds, and its number among those of that time.
    newest: (u64, u64),
}

impl ForgottenTask {
    pub(crate) fn new(forgotten: Forgotten) -> Self {
        Self {
            forgotten,
            newest: (0, 0),
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let [_, channel] = self.forgotten.shared.keys.forgotten();
        let link = self.forgotten.shared.link.clone();
        let news = News::default();
        link.follow(&channel, &news);
        let follow = async {
            let mut backoff = Backoff::new();
            loop {
                news.come().await;
                news.take();
                while let Err(error) = self.read().await {
                    warn!(%error, "Failed to read who was forgotten; retrying");
                    tokio::time::sleep(backoff.delay()).await;
                    link.up().await;
                }
                backoff.reset();
                self.forgotten.mark_known();
            }
        };
        stop.run_until_cancelled(follow).await;
        link.unfollow(&channel);
    }

    /// Reads on to the end of the stream.
    async fn read(&mut self) -> Result<(), LinkError> {
        let mut from = format!("{}-0", self.newest.0.saturating_sub(OVERLAP_MS));
        loop {
            let [stream, _] = self.forgotten.shared.keys.forgotten();
            let mut call = READ.key(stream);
            call.arg(&from).arg(ENTRIES_MAX);
            let entries: Vec<Entry> = self.forgotten.shared.link.call(&call).await?;
            for entry in &entries {
                self.take(entry);
            }
            match entries.last() {
                Some((id, _)) if entries.len() == ENTRIES_MAX => from = format!("({id}"),
                _ => return Ok(()),
            }
        }
    }

    /// Takes an entry in, unless another version wrote it.
    fn take(&mut self, (id, fields): &Entry) {
        let id = id
            .split_once('-')
            .and_then(|(ms, number)| Some((ms.parse().ok()?, number.parse().ok()?)));
        let field = |name: &str| fields.get(name).map(String::as_str);
        let person = field("who").and_then(PersonId::of_member);
        let (Some(id), Some(person)) = (id, person) else {
            return;
        };
        // Whoever begins anew stays: only what is new ends sessions, and none of before this instance's start is open.
        let is_news = id > self.newest && self.forgotten.is_known();
        let both = [What::Forgotten, What::Out].into_iter();
        let what = both.filter(|what| *what == What::Forgotten || is_news);
        for what in what.filter(|what| field("what") == Some(what.name())) {
            self.forgotten.apply(person, what);
        }
        self.newest = self.newest.max(id);
    }
}
