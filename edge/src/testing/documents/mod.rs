//! Plays with a document what can happen to it, and checks that its rules and its engine hold.

mod check;
mod instance;
mod logged;
mod tab;

use crate::testing::RedisServer;
use crate::{ChangeError, ChangeSource, PersonId};
use instance::Instance;
use logged::{Logged, LoggedChange, LoggedOwn};
use protocol::{Document, SessionId};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tab::Tab;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// The instances, the tabs, and the persons that they belong to.
const INSTANCES: usize = 3;
const TABS: usize = 4;
const PERSONS: usize = 3;
/// What happens in a story.
const STEPS: usize = 200;
/// No condition that holds at all takes longer, on a busy machine either.
const DEADLINE: Duration = Duration::from_secs(60);

/// A document as a story begins.
#[derive(Clone, Debug)]
pub struct DocumentStart<D: Document> {
    /// Its key.
    pub key: D::Key,
    /// What everybody sees.
    pub value: D,
    /// What the first of the persons sees, such as whoever created it.
    pub own: D::Own,
}

/// Plays a random story: changes by several tabs and persons and by calls with idempotency keys, at three instances over one
/// Redis, whose links are cut, frozen and lose answers, and which are killed; tabs move between them and send again what was not
/// answered. `choose` makes changes; the same seed makes the same choices.
///
/// # Panics
/// Where at the end not every instance shows the same document, where a change that was confirmed is not part of it exactly once,
/// where one that was refused is, where the rules do not come to the same document again, or it is larger than it may be. Where
/// no Redis can be started.
pub async fn play_document<D: Document>(
    start: DocumentStart<D>,
    seed: u64,
    mut choose: impl FnMut(&mut StdRng) -> D::Change,
) {
    let mut story = Story::begin(start, seed).await;
    for _ in 0..STEPS {
        story.step(&mut choose).await;
    }
    story.end().await;
}

/// A change by a call: who made it, and the calls under way.
struct Call<D: Document> {
    person: PersonId,
    change: LoggedChange<D>,
    running: Vec<JoinHandle<Result<(), ChangeError>>>,
}

struct Story<D: Document> {
    start: DocumentStart<D>,
    seed: u64,
    random: StdRng,
    redis: RedisServer,
    instances: Vec<Instance>,
    tabs: Vec<Tab<D>>,
    calls: Vec<Call<D>>,
    /// Every change that was made, by its id.
    made: HashMap<u64, D::Change>,
}

fn person(number: usize) -> PersonId {
    PersonId([number as u8 + 1; 16])
}

fn session_id(name: &str) -> SessionId {
    SessionId::parse(&format!("{name:_>16}")).unwrap_or_else(|error| panic!("{error}"))
}

impl<D: Document> Story<D> {
    async fn begin(start: DocumentStart<D>, seed: u64) -> Self {
        let redis = RedisServer::start()
            .await
            .unwrap_or_else(|error| panic!("no Redis: {error}"));
        let url = redis.url();
        let instance =
            |number| Instance::start::<D>(number, &url).unwrap_or_else(|error| panic!("{error}"));
        let instances: Vec<_> = (0..INSTANCES).map(instance).collect();
        let tab = |number: usize| {
            Tab::new(
                session_id(&format!("tab{number}")),
                person(number % PERSONS),
                &start.key,
            )
        };
        let story = Self {
            random: StdRng::seed_from_u64(seed),
            seed,
            redis,
            instances,
            tabs: (0..TABS).map(tab).collect(),
            calls: Vec::new(),
            made: HashMap::new(),
            start,
        };
        story.create().await;
        story
    }

    /// Stores the document as it begins.
    async fn create(&self) {
        let value = serde_json::to_string(&Logged::new(self.start.value.clone()));
        let own = serde_json::to_string(&LoggedOwn::<D>::new(self.start.own.clone()));
        let (Ok(value), Ok(own)) = (value, own) else {
            panic!("the document is no JSON")
        };
        let Some(documents) = self.instances[0].documents::<D>() else {
            panic!("the engine has no documents")
        };
        let store = &documents.shared.store;
        let deadline = Instant::now() + DEADLINE;
        while let Err(error) = store
            .create(
                &store.place(&self.start.key),
                person(0),
                (&value, &own),
                "story",
            )
            .await
        {
            assert!(Instant::now() < deadline, "{error}");
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn step(&mut self, choose: &mut impl FnMut(&mut StdRng) -> D::Change) {
        let (tab, at) = (
            self.random.random_range(0..TABS),
            self.random.random_range(0..INSTANCES),
        );
        match self.random.random_range(0..100) {
            0..45 => {
                let change = self.make(choose);
                self.tabs[tab].change(&self.instances, change);
            }
            45..57 => self.tabs[tab].connect(at, &self.instances[at]),
            57..67 => self.tabs[tab].listen().await,
            67..77 => {
                let change = self.make(choose);
                let person = person(self.random.random_range(0..PERSONS));
                let mut call = Call {
                    person,
                    change,
                    running: Vec::new(),
                };
                for at in [at, (at + 1) % INSTANCES] {
                    self.call(&mut call, at);
                }
                self.calls.push(call);
            }
            77..80 => self.instances[at].link.cut(),
            80..83 => self.instances[at].link.drop_replies(),
            83..84 => self.instances[at].link.freeze(),
            84..92 => self.instances[at].link.restore(),
            92..94 => self.kill(at),
            _ => sleep(Duration::from_millis(self.random.random_range(1..8))).await,
        }
    }

    fn make(&mut self, choose: &mut impl FnMut(&mut StdRng) -> D::Change) -> LoggedChange<D> {
        let (id, inner) = (self.made.len() as u64, choose(&mut self.random));
        self.made.insert(id, inner.clone());
        LoggedChange { id, inner }
    }

    /// Makes a call, with a key of its own, at an instance.
    fn call(&self, call: &mut Call<D>, at: usize) {
        let Some(documents) = self.instances[at].documents::<D>() else {
            return;
        };
        let (key, person, change) = (self.start.key.clone(), call.person, call.change.clone());
        let source = ChangeSource::Key(change.id.to_string());
        let running = async move {
            documents
                .change(&key, person, source, change)
                .await
                .map(drop)
        };
        call.running.push(self.instances[at].runtime.spawn(running));
    }

    /// Kills an instance, and starts another in its place.
    fn kill(&mut self, at: usize) {
        let next =
            Instance::start::<D>(at, &self.redis.url()).unwrap_or_else(|error| panic!("{error}"));
        std::mem::replace(&mut self.instances[at], next).kill();
        self.tabs.iter_mut().for_each(|tab| tab.lose(at));
    }

    /// Lets all that is under way come to its end, and checks it.
    async fn end(mut self) {
        self.instances
            .iter()
            .for_each(|instance| instance.link.restore());
        for number in 0..TABS {
            let at = number % INSTANCES;
            self.tabs[number].connect(at, &self.instances[at]);
        }
        let deadline = Instant::now() + DEADLINE;
        while !self.tabs.iter().all(Tab::is_answered) {
            assert!(
                Instant::now() < deadline,
                "seed {}: changes are not answered",
                self.seed
            );
            for tab in &mut self.tabs {
                tab.listen().await;
            }
            sleep(Duration::from_millis(5)).await;
        }
        let (called, refused) = self.calls_end().await;
        self.check(&called, &refused).await;
        for instance in self.instances {
            instance.kill();
        }
    }

    /// The ids of changes by calls that were applied, and of those that were not.
    async fn calls_end(&mut self) -> (HashSet<u64>, HashSet<u64>) {
        let (mut applied, mut refused) = (HashSet::new(), HashSet::new());
        for mut call in std::mem::take(&mut self.calls) {
            // Once more, with the same key: what was applied stays so, and of nothing it is unknown any longer.
            self.call(&mut call, 0);
            let mut is_applied = false;
            for running in call.running {
                // Those at instances that were killed have no answer.
                is_applied |= matches!(timeout(DEADLINE, running).await, Ok(Ok(Ok(()))));
            }
            let outcome = if is_applied {
                &mut applied
            } else {
                &mut refused
            };
            outcome.insert(call.change.id);
        }
        (applied, refused)
    }
}
