//! Whatever happens in whatever order, a party has one leader and a person one party.

mod story;

use crate::support::{
    Instance, Ledger, Page, Truth, eventually, impatient, link_to, person, place, ready,
    start_engine_with, start_redis,
};
use edge::testing::{Proxy, RedisServer};
use edge::{Endpoint, Engine, Limits, Parties, PartyError, PartyLimits, PartyPlan};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use protocol::{MessageText, ParticipantName, PartyCode};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use story::{Happening, INSTANCES, PEOPLE, happening};
use tokio::task::JoinSet;

/// What happens at the same time.
const AT_ONCE: usize = 8;

#[test]
fn any_interleaving_leaves_one_leader_and_everyone_in_one_party() {
    let config = Config {
        cases: 20,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = Mutex::new(runtime.block_on(Stage::set()));

    TestRunner::new(config)
        .run(&prop::collection::vec(happening(), 10..80), |story| {
            runtime.block_on(stage.lock().unwrap().play(&story));
            Ok(())
        })
        .unwrap();

    runtime.block_on(stage.into_inner().unwrap().clear());
}

/// Instances over one Redis, and what is known of what they did.
struct Stage {
    redis: RedisServer,
    truth: Truth,
    link: Proxy,
    engines: Vec<Engine>,
    mortal: Option<Instance>,
    /// Open tabs by person and instance.
    pages: Vec<(usize, usize, Page)>,
    /// Every party that was created, the newest last.
    codes: Arc<Mutex<Vec<PartyCode>>>,
    ledger: Ledger,
}

impl Stage {
    async fn set() -> Self {
        let redis = start_redis().await;
        let link = link_to(&redis);
        let engines = vec![
            start_engine_with("fra", &link.url(), limits()),
            start_engine_with("ord", &redis.url(), limits()),
        ];
        for engine in &engines {
            ready(engine).await;
        }
        let mut stage = Self {
            truth: Truth::of(&redis).await,
            mortal: None,
            redis,
            link,
            engines,
            pages: Vec::new(),
            codes: Arc::default(),
            ledger: Ledger::default(),
        };
        stage.start_mortal().await;
        stage
    }

    /// Lets it all happen, so much of it at the same time, and checks what Redis holds meanwhile.
    async fn play(&mut self, story: &[Happening]) {
        for some in story.chunks(AT_ONCE) {
            let mut calls = JoinSet::new();
            for happening in some {
                self.happen(*happening, &mut calls).await;
            }
            self.ledger.check(&mut self.truth).await;
            calls.join_all().await;
            self.link.restore();
            self.ledger.check(&mut self.truth).await;
        }
        self.settle().await;
    }

    async fn happen(&mut self, happening: Happening, calls: &mut JoinSet<()>) {
        match happening {
            Happening::Create { who, at, listed } => {
                let (parties, codes) = (self.parties(at), self.codes.clone());
                calls.spawn(create(parties, who, listed, codes));
            }
            Happening::Join { who, at, party } => {
                let (parties, code) = (self.parties(at), self.code(party));
                let name = (party == 0).then(|| name(who));
                calls.spawn(async move {
                    bearable(parties.join(code, people(who), name).await);
                });
            }
            Happening::Leave { who, at, party } => {
                let (parties, code) = (self.parties(at), self.code(party));
                calls.spawn(async move {
                    bearable(parties.leave(code, people(who)).await);
                });
            }
            Happening::Rename { who, at, party } => {
                let (parties, code) = (self.parties(at), self.code(party));
                calls.spawn(async move {
                    bearable(parties.rename(code, people(who), name(who)).await);
                });
            }
            Happening::Send { who, at, party } => {
                let (parties, code) = (self.parties(at), self.code(party));
                let text = MessageText::parse("hello").unwrap();
                calls.spawn(async move {
                    bearable(parties.send_message(code, people(who), text, None).await);
                });
            }
            Happening::Attend { who, at } => self.attend(who, at),
            Happening::Kill => {
                self.pages.retain(|(_, at, _)| *at != INSTANCES - 1);
                if let Some(mortal) = self.mortal.take() {
                    mortal.kill();
                }
                self.start_mortal().await;
            }
            Happening::LoseReply => self.link.drop_replies(),
            Happening::Cut => self.link.cut(),
        }
    }

    /// Waits until those who have a tab are online and nobody else, then compares what all say.
    async fn settle(&mut self) {
        let expected: BTreeSet<_> = self.pages.iter().map(|(who, ..)| member(*who)).collect();
        let redis = &self.redis;
        eventually("who is online", async || {
            let online = Truth::of(redis).await.online().await;
            online.into_keys().collect::<BTreeSet<_>>() == expected
        })
        .await;
        self.ledger.check(&mut self.truth).await;
        for code in self.truth.party_sorted("touched").await {
            let code = PartyCode::parse(&code).unwrap();
            let party = self.parties(1).show(code).await.unwrap();
            assert_eq!(self.parties(2).show(code).await.unwrap(), party);
            let leaders = party.participants.iter().filter(|who| who.is_leader);
            assert_eq!(leaders.count(), 1, "{party:?}");
        }
    }

    /// Lets everyone leave: nothing is left of any party.
    async fn clear(mut self) {
        for who in 0..PEOPLE {
            let parties = self.parties(1);
            if let Some(seat) = parties.of(people(who)).await.unwrap() {
                parties.leave(seat.party_code, people(who)).await.unwrap();
            }
        }
        // Where those with a tab are served is no party's.
        let mut left = self.truth.party_keys().await;
        left.retain(|key| key != "served");
        assert_eq!(left, [""; 0]);
        let alive = (0..INSTANCES).map(|at| self.engine(at).instance().to_owned());
        let alive: BTreeSet<_> = alive.collect();
        let redis = &self.redis;
        eventually("the living registered, the killed gone", async || {
            let key = Truth::key("beats");
            let mut truth = Truth::of(redis).await;
            let beats: Vec<String> = truth.run(&["ZRANGE", &key, "0", "-1"]).await;
            beats.into_iter().collect::<BTreeSet<_>>() == alive
        })
        .await;
        // One whose link was cut last could tell nobody that it leaves.
        for at in 0..INSTANCES {
            let parties = self.engine(at).parties();
            eventually("a link", async || parties.of(people(0)).await.is_ok()).await;
        }
        self.pages.clear();
        if let Some(mortal) = self.mortal.take() {
            mortal.shutdown().await;
            mortal.kill();
        }
        for engine in &self.engines {
            engine.shutdown().await;
        }
        let registry = Truth::key("*");
        let left: Vec<String> = self.truth.run(&["KEYS", &registry]).await;
        let counts = ["connections", "live"].map(Truth::key);
        assert!(left.iter().all(|key| counts.contains(key)), "{left:?}");
    }

    fn attend(&mut self, who: usize, at: usize) {
        let open = |page: &(usize, usize, Page)| (page.0, page.1) == (who, at);
        match self.pages.iter().position(open) {
            Some(open) => drop(self.pages.swap_remove(open)),
            None => {
                let page = Page::open(self.engine(at), &format!("person{who}"), None);
                self.pages.push((who, at, page));
            }
        }
    }

    async fn start_mortal(&mut self) {
        let url = Endpoint::Url(self.redis.url());
        let mortal = Instance::start("syd", url, limits());
        ready(&mortal).await;
        self.mortal = Some(mortal);
    }

    fn engine(&self, at: usize) -> &Engine {
        match &self.mortal {
            Some(mortal) if at == INSTANCES - 1 => mortal,
            _ => &self.engines[at],
        }
    }

    fn parties(&self, at: usize) -> Parties {
        self.engine(at).parties().clone()
    }

    /// One of the newest parties, be it ended; one that never was where there are none.
    fn code(&self, party: usize) -> PartyCode {
        let codes = self.codes.lock().unwrap();
        let newest = codes.iter().rev().nth(party).or(codes.last());
        newest
            .copied()
            .unwrap_or(PartyCode::of_number(123_456_789).unwrap())
    }
}

async fn create(parties: Parties, who: usize, listed: bool, codes: Arc<Mutex<Vec<PartyCode>>>) {
    // Some share a cell.
    let at = place([50.11, 89.0][who % 2], 8.68);
    let plan = PartyPlan {
        name: Some(name(who)),
        at,
        listed,
    };
    match parties.create(people(who), plan).await {
        Ok(created) => codes.lock().unwrap().push(created.party_code),
        outcome => bearable(outcome),
    }
}

fn limits() -> Limits {
    Limits {
        parties: PartyLimits {
            participants: 4,
            ..PartyLimits::default()
        },
        ..impatient()
    }
}

/// What may come of a call when all may happen.
fn bearable<T>(outcome: Result<T, PartyError>) {
    if let Err(error) = outcome {
        let known = matches!(
            error,
            PartyError::Unknown
                | PartyError::NotIn
                | PartyError::Full { limit: 4 }
                | PartyError::Link(_)
        );
        assert!(known, "{error}");
    }
}

fn people(who: usize) -> edge::PersonId {
    person(&format!("person{who}"))
}

/// A person as Redis knows them.
fn member(who: usize) -> String {
    people(who)
        .0
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn name(who: usize) -> ParticipantName {
    ParticipantName::parse(&format!("Person {who}")).unwrap()
}
