//! The echo of a region: its servers answer each letter that people write there.
//!
//! Letters wait in a stream until they are answered. All instances of the region hear of each and answer it. The answer's id
//! follows from the letter, so the recipient's mailbox, or the outbox, takes the first one alone: whoever is killed midway,
//! and whatever is tried again, there is one.

use super::scripts::{answer, mail_script};
use super::send::{hash, own_copy};
use super::store::{SEEN_FOR, Stored, StoredAt};
use super::{Mail, MailError, entry};
use crate::redis::{Backoff, LinkError, News, Script, as_ms};
use crate::region::Place;
use crate::tasks::Tasks;
use protocol::{Cursor, Federated, MailAddress, MessageId, MessageText};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// The most letters that wait, where no instance of the region lives: four megabytes.
const WAITING_MAX: usize = 1_000;
/// How long they wait, at most.
const WAITS_FOR: Duration = Duration::from_secs(24 * 3600);
/// The most letters that are answered at a time.
const READ_MAX: usize = 100;
/// How long to wait without news, in case a hint was lost.
const IDLE: Duration = Duration::from_secs(10);

static PUT: LazyLock<Script> = mail_script!(
    "../redis/time.lua",
    "prelude.lua",
    "admit.lua",
    "echo_put.lua"
);
static READ: LazyLock<Script> = mail_script!("../redis/time.lua", "echo_read.lua");

impl Mail {
    /// Starts to answer what people write to the echo of the instance's region.
    pub(crate) fn start(&self, tasks: &Tasks, instance: &str, place: &Place) {
        let echo = Echo {
            mail: self.clone(),
            address: MailAddress::echo(place.code.clone()),
            greeting: format!(
                "Hello from {} ({}). Instance {instance}",
                place.city, place.code
            ),
        };
        tasks.feeders.spawn(|stop| Arc::new(echo).run(stop));
    }

    /// Stores a letter to an echo, until it is answered.
    pub(super) async fn put_to_echo(
        &self,
        letter: &Federated,
        known_as: Option<String>,
    ) -> Result<StoredAt, MailError> {
        // Nobody could read the answer.
        if !letter.verified {
            return Err(MailError::UnverifiedBlocked);
        }
        let mut call = PUT.key(self.shared.keys.mail_echo(&letter.to));
        call.confirm();
        call.arg(self.limits().receives_per_minute.max(1))
            .arg(WAITING_MAX)
            .arg(as_ms(WAITS_FOR))
            .arg(known_as.unwrap_or_else(|| letter.id.to_string()))
            .arg(as_ms(SEEN_FOR))
            .arg(letter.from.to_string());
        for (field, value) in entry::write(letter) {
            call.arg(field).arg(value);
        }
        let value = self.shared.link.call(&call).await?;
        StoredAt::parse(answer(value, MailError::TooManyTo)?)
    }
}

/// Answers the letters to one region.
struct Echo {
    mail: Mail,
    address: MailAddress,
    /// How every answer begins.
    greeting: String,
}

/// Redis's time when letters were read, and that moment here.
#[derive(Clone, Copy)]
struct ReadAt {
    redis_ms: u64,
    here: Instant,
}

impl Echo {
    async fn run(self: Arc<Self>, stop: CancellationToken) {
        let channel = self.mail.shared.keys.mail_echo_changes(&self.address);
        // In a cluster, it may be on another node than the world.
        let link = self.mail.shared.link.of(&channel);
        let news = News::default();
        link.follow(&channel, &news);
        let follow = async {
            let mut backoff = Backoff::new();
            loop {
                if timeout(IDLE, news.come()).await.is_ok() {
                    news.take();
                }
                while let Err(error) = self.answer_all().await {
                    if !matches!(error, LinkError::Away) {
                        warn!(%error, "Failed to answer letters to {}; retrying", self.address);
                    }
                    tokio::time::sleep(backoff.delay()).await;
                    link.up().await;
                }
                backoff.reset();
            }
        };
        stop.run_until_cancelled(follow).await;
        link.unfollow(&channel);
    }

    /// Answers all letters that wait. Where Redis fails one, the others are answered all the same.
    async fn answer_all(self: &Arc<Self>) -> Result<(), LinkError> {
        let (mut after, mut done, mut outcome) = (String::new(), Vec::new(), Ok(()));
        loop {
            let (redis_ms, letters) = self.read(&after, &done).await?;
            let Some((last, _)) = letters.last() else {
                return outcome;
            };
            after.clone_from(last);
            done.clear();
            let here = Instant::now();
            let mut answers = JoinSet::new();
            for letter in letters {
                let echo = self.clone();
                let read_at = ReadAt { redis_ms, here };
                answers.spawn(async move { (echo.answer(&letter, read_at).await, letter.0) });
            }
            while let Some(answered) = answers.join_next().await {
                match answered {
                    Ok((Err(MailError::Link(error)), _)) if !error.is_of_the_call() => {
                        outcome = Err(error);
                    }
                    // Whoever has blocked the echo, or gets too many letters, does without.
                    Ok((_, at)) => done.push(at),
                    Err(error) => error!(%error, "Failed to answer a letter to {}", self.address),
                }
            }
        }
    }

    /// Removes answered letters, and reads those after one; returns Redis's time, too.
    async fn read(
        &self,
        after: &str,
        answered: &[String],
    ) -> Result<(u64, Vec<Stored>), LinkError> {
        let mut call = READ.key(self.mail.shared.keys.mail_echo(&self.address));
        call.arg(after).arg(READ_MAX);
        for at in answered {
            call.arg(at);
        }
        self.mail.shared.link.call(&call).await
    }

    async fn answer(&self, (at, fields): &Stored, read_at: ReadAt) -> Result<(), MailError> {
        let cursor = Cursor::parse(at).ok();
        let Some(letter) = cursor.and_then(|cursor| entry::read(cursor, fields)) else {
            // Another version wrote it.
            return Ok(());
        };
        let mail = &self.mail;
        let (to, peer) = mail.locate(letter.from.clone())?;
        if peer.is_none() {
            // Whoever stored the letter does this next, or was killed: the copy comes before the answer in any case.
            let known_as = Some(letter.id.to_string());
            let own = own_copy(&letter, letter.sent_ms, false, known_as);
            mail.keep(own, false).await?;
        }
        let waited_ms = read_at.redis_ms.saturating_sub(letter.sent_ms);
        let waited = Duration::from_millis(waited_ms) + read_at.here.elapsed();
        let text = format!("{} {}", self.greeting, say_answered(waited));
        let id = hash(&[at, letter.id.as_str()]);
        let (Ok(message), Ok(id)) = (MessageText::parse(&text), MessageId::parse(&id)) else {
            return Ok(());
        };
        let answer = Federated {
            id,
            to,
            from: self.address.clone(),
            message,
            sent_ms: 0,
            verified: true,
        };
        let known_as = Some(answer.id.to_string());
        match peer {
            None => mail.deliver(&answer, None, known_as).await.map(drop),
            Some(peer) => mail.queue(&peer.name, &answer, true).await.map(drop),
        }
    }
}

/// How long after it was stored a letter was answered, in words.
fn say_answered(waited: Duration) -> String {
    let time = match (as_ms(waited), waited.as_secs()) {
        (ms @ ..10_000, _) => format!("{ms} ms"),
        (_, seconds @ ..600) => format!("{seconds} seconds"),
        (_, seconds) => format!("{} minutes", seconds / 60),
    };
    format!("answered your letter {time} after it was stored.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_how_long_it_took() {
        for (ms, time) in [
            (0, "0 ms"),
            (9_999, "9999 ms"),
            (10_000, "10 seconds"),
            (599_999, "599 seconds"),
            (7_200_000, "120 minutes"),
        ] {
            let words = say_answered(Duration::from_millis(ms));
            assert_eq!(
                words,
                format!("answered your letter {time} after it was stored.")
            );
        }
    }
}
