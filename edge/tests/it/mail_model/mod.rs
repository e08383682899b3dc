//! Whatever happens in whatever order, what was answered is there once and in order.

mod story;

use crate::support::{
    DEADLINE, Instance, MailBook, MailPage, Outcome, Truth, address, attempt, claim, eventually,
    impatient, keyed, link_to, mail_config, metrics, person, ready, roomy, sending,
};
use edge::testing::{Proxy, RedisServer};
use edge::{Credentials, Endpoint, Engine, Limits, Mail, MailLimits, NewLetter};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use story::{Happening, INSTANCES, PEOPLE, Patience, happening};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What happens at the same time.
const AT_ONCE: usize = 20;
/// Tries of somebody who does not give up; each takes a second at most, where Redis is gone.
const TRIES_MAX: usize = 1_000;

#[test]
fn whatever_was_answered_is_there_once_and_in_order() {
    let config = Config {
        cases: 12,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = Mutex::new(runtime.block_on(Stage::set()));

    // A thousand sends at least.
    TestRunner::new(config)
        .run(&prop::collection::vec(happening(), 100..120), |story| {
            runtime.block_on(stage.lock().unwrap().play(&story));
            Ok(())
        })
        .unwrap();

    runtime.block_on(stage.into_inner().unwrap().clear());
}

/// Instances over one Redis, and what is known of what was sent.
struct Stage {
    redis: RedisServer,
    link: Proxy,
    engines: Vec<Engine>,
    mortal: Option<Instance>,
    proofs: Vec<Credentials>,
    page: MailPage,
    book: Arc<Mutex<MailBook>>,
    /// One for each message that was noted there, until it is waited for.
    noted: Arc<Semaphore>,
    sends: usize,
}

impl Stage {
    async fn set() -> Self {
        // As an instance keeps its own.
        let redis = RedisServer::start_durable().await.unwrap();
        let link = link_to(&redis);
        let start = |region, url: String| {
            let config = mail_config(region, Endpoint::Url(url), limits());
            Engine::start(config, metrics()).unwrap()
        };
        let engines = vec![start("fra", link.url()), start("ord", redis.url())];
        for engine in &engines {
            ready(engine).await;
        }
        let mut proofs = vec![Credentials::default(); PEOPLE];
        for (who, proof) in proofs.iter_mut().enumerate().take(PEOPLE - 1) {
            *proof = claim(&engines[1], &name(who)).await;
        }
        let mut stage = Self {
            page: MailPage::open(&engines[0], &address(&name(0))),
            redis,
            link,
            engines,
            mortal: None,
            proofs,
            book: Arc::default(),
            noted: Arc::new(Semaphore::new(0)),
            sends: 0,
        };
        stage.start_mortal().await;
        stage
    }

    /// Lets it all happen, so much of it at the same time; then compares.
    async fn play(&mut self, story: &[Happening]) {
        for some in story.chunks(AT_ONCE) {
            let mut writers = self.writers(some);
            for happening in some {
                self.happen(*happening).await;
            }
            while let Some(done) = writers.join_next().await {
                done.unwrap();
                // Whoever still waits for it has it from here on.
                self.link.restore();
            }
        }
        self.check().await;
    }

    /// Lets everyone write what they have to, one message after the other.
    fn writers(&mut self, some: &[Happening]) -> JoinSet<()> {
        let mut todo = BTreeMap::<usize, Vec<_>>::new();
        for happening in some {
            if let Happening::Send {
                who,
                to,
                at,
                patience,
            } = *happening
            {
                self.sends += 1;
                let text = format!("message {}", self.sends);
                let message = self.message(who, to, &text);
                todo.entry(who).or_default().push((message, at, patience));
            }
        }
        let mails: Vec<_> = (0..INSTANCES).map(|at| self.mail(at)).collect();
        let mut writers = JoinSet::new();
        for (_, messages) in todo {
            let (mails, book, noted) = (mails.clone(), self.book.clone(), self.noted.clone());
            writers.spawn(async move {
                for (message, at, patience) in messages {
                    write(&mails, &book, message, at, patience).await;
                    noted.add_permits(1);
                }
            });
        }
        writers
    }

    fn message(&self, who: usize, to: Option<usize>, text: &str) -> NewLetter {
        let to = to.map_or_else(|| "moon-finch".into(), name);
        NewLetter {
            proof: self.proofs[who].clone(),
            ..sending(&name(who), &to, text)
        }
    }

    async fn happen(&mut self, happening: Happening) {
        match happening {
            // Each waits until one of those that are written has come of it, whichever; then all is well for a while.
            Happening::Send { .. } => {
                let got_on = tokio::time::timeout(DEADLINE, self.noted.acquire());
                got_on.await.unwrap().unwrap().forget();
                self.link.restore();
            }
            Happening::KillInstance => {
                if let Some(mortal) = self.mortal.take() {
                    mortal.kill();
                }
                self.start_mortal_soon();
            }
            Happening::KillRedis => {
                self.redis.kill().unwrap();
                self.redis.restart().await.unwrap();
            }
            Happening::LoseReply => self.link.drop_replies(),
            Happening::Cut => self.link.cut(),
        }
    }

    /// Compares what all mailboxes hold with what was answered.
    async fn check(&mut self) {
        self.link.restore();
        for engine in &self.engines {
            eventually("Redis in reach", async || {
                engine.mail().address_of(person("x")).await.is_ok()
            })
            .await;
        }
        let book = self.book.lock().unwrap().clone();
        for who in 0..PEOPLE {
            let proof = (who + 1 < PEOPLE).then(|| &self.proofs[who]);
            book.check_mailbox(&self.engines, &address(&name(who)), proof)
                .await;
        }
        book.check_outbox(&mut Truth::of(&self.redis).await).await;
        let conversations =
            self.engines[1]
                .mail()
                .conversations(address(&name(0)), &self.proofs[0], 1);
        let expected = conversations.await.unwrap().mailbox;
        self.page
            .until("what all know", |mailbox| *mailbox == expected)
            .await;
    }

    async fn clear(mut self) {
        assert!(self.sends >= 1_000, "{} sends", self.sends);
        if let Some(mortal) = self.mortal.take() {
            mortal.kill();
        }
        for engine in &self.engines {
            engine.shutdown().await;
        }
    }

    async fn start_mortal(&mut self) {
        self.start_mortal_soon();
        ready(self.mortal.as_ref().unwrap()).await;
    }

    fn start_mortal_soon(&mut self) {
        let url = Endpoint::Url(self.redis.url());
        self.mortal = Some(Instance::start_with(mail_config("syd", url, limits())));
    }

    fn mail(&self, at: usize) -> Mail {
        match &self.mortal {
            Some(mortal) if at == INSTANCES - 1 => mortal.mail().clone(),
            _ => self.engines[at].mail().clone(),
        }
    }
}

/// Sends a message as patiently as that, and writes down what came of it.
async fn write(
    mails: &[Mail],
    book: &Mutex<MailBook>,
    message: NewLetter,
    at: usize,
    patience: Patience,
) {
    let key = message.text.as_str().to_owned();
    let message = match patience {
        Patience::Once { is_keyed: false } => message,
        _ => keyed(&message, &key),
    };
    let tries = match patience {
        Patience::Once { .. } => 1,
        _ => TRIES_MAX,
    };
    let outcome = attempt(mails, &message, at, tries).await;
    if let (Patience::Twice, Outcome::Answered(first)) = (patience, &outcome) {
        let again = attempt(mails, &message, at + 1, tries).await;
        assert_eq!(again, Outcome::Answered(first.clone()), "the same key");
    }
    book.lock().unwrap().note(&message, outcome);
}

fn limits() -> Limits {
    Limits {
        mail: MailLimits {
            sends_per_minute: 1_000_000,
            receives_per_minute: 1_000_000,
            ..roomy()
        },
        ..impatient()
    }
}

fn name(who: usize) -> String {
    format!("ord-p{who}")
}
