//! What sessions may watch, and how.

use crate::support::{
    AnyRedis, DEADLINE, config, link_to, metrics, patient, person, plan, read, ready, ready_engine,
    session_id, start_redis,
};
use edge::{
    Endpoint, Engine, LinkError, Loaded, MissLimit, Outgoing, Session, Source, Sources, Viewer,
    WatchError,
};
use protocol::live::{NoKey, ServerFrame, Topic};
use protocol::{ChatTopic, MailAddress, MailboxTopic, PartyTopic};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// The next state of that topic.
async fn next_state<T: Topic>(session: &mut Session) -> (T::Key, T::State) {
    let wait = async {
        loop {
            if let Outgoing::Frame(json) = session.next().await
                && let ServerFrame::State(frame) = read(&json)
                && let Some(state) = frame.read::<T>()
            {
                return state;
            }
        }
    };
    let state = tokio::time::timeout(DEADLINE, wait).await;
    state.unwrap_or_else(|_| panic!("no state of {} came", T::NAME))
}

pub async fn a_session_watches_several_keys_of_several_topics(redis: &impl AnyRedis) {
    let one = ready_engine("fra", &redis.url()).await;
    let mut codes = Vec::new();
    for name in ["ann", "bob"] {
        let created = one.parties().create(person(name), plan(name)).await;
        codes.push(created.unwrap().party_code);
    }
    let mut session = one.session(&session_id("tab"), person("tab"));

    for code in &codes {
        let key = code.to_string();
        session.watch(PartyTopic::NAME, &key).await.unwrap();
        let (code, party) = next_state::<PartyTopic>(&mut session).await;
        assert_eq!(code.to_string(), key);
        assert_eq!(party.unwrap().participants.len(), 1);
    }
    let key = codes[0].to_string();
    session.watch(ChatTopic::NAME, &key).await.unwrap();

    let (code, chat) = next_state::<ChatTopic>(&mut session).await;
    assert_eq!((code, chat.messages.len()), (codes[0], 0));
    session.unwatch(PartyTopic::NAME, &key);
    for code in &codes {
        let joined = one.parties().join(*code, person("cid"), None).await;
        joined.unwrap();
    }
    let (code, _) = next_state::<PartyTopic>(&mut session).await;
    assert_eq!(code, codes[1], "the other one is no longer watched");
}

#[tokio::test]
async fn a_mailbox_is_for_its_owner_and_watched_once_that_is_known() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = ready_engine("ord", &link.url()).await;
    let address = MailAddress::parse("ord-wren").unwrap();
    let claimed = one.mail().claim_for(person("wren"), address).await;
    claimed.unwrap();
    let watch = async |name| {
        let mut session = one.session(&session_id(name), person(name));
        let outcome = session.watch(MailboxTopic::NAME, "ord-wren").await;
        (session, outcome)
    };

    let (_, other) = watch("robin").await;
    let (mut own, allowed) = watch("wren").await;
    link.cut();
    let (mut late, undecided) = watch("wren").await;
    link.restore();

    assert!(matches!(other, Err(WatchError::Denied)), "{other:?}");
    allowed.unwrap();
    next_state::<MailboxTopic>(&mut own).await;
    assert!(matches!(undecided, Err(WatchError::Link(_))));
    ready(&one).await;
    let wait = async {
        loop {
            late.decide().await;
            let next = next_state::<MailboxTopic>(&mut late);
            if tokio::time::timeout(Duration::from_millis(100), next)
                .await
                .is_ok()
            {
                break;
            }
        }
    };
    let decided = tokio::time::timeout(DEADLINE, wait).await;
    decided.expect("the mailbox is watched once Redis is back");
}

#[tokio::test]
async fn what_cannot_be_watched_is_said() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let misses = Arc::new(Misses(AtomicU32::new(0)));
    let session = one.session(&session_id("tab"), person("tab"));
    let mut session = session.with_miss_limit(misses.clone());
    let created = one.parties().create(person("ann"), plan("ann")).await;
    let code = created.unwrap().party_code.to_string();

    let unknown = session.watch("confetti", "").await;
    let bad = session.watch(PartyTopic::NAME, "12").await;
    session.watch(PartyTopic::NAME, "111111111").await.unwrap();
    let guessed = session.watch(PartyTopic::NAME, &code).await;

    assert!(matches!(unknown, Err(WatchError::UnknownTopic)));
    assert!(matches!(bad, Err(WatchError::BadKey(_))));
    assert!(matches!(guessed, Err(WatchError::TooManyMisses(7))));
    assert_eq!(misses.0.load(Ordering::Acquire), 1);
}

#[tokio::test]
async fn a_session_watches_as_much_as_it_may() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mut session = one.session(&session_id("tab"), person("tab"));
    for code in 100_000_000..100_000_016 {
        let key = format!("{code}");
        session.watch(PartyTopic::NAME, &key).await.unwrap();
    }

    let refused = session.watch("draw", "").await;
    let again = session.watch(PartyTopic::NAME, "100000000").await;

    assert!(matches!(refused, Err(WatchError::TooMany(16))));
    again.unwrap();
    session.unwatch(PartyTopic::NAME, "100000000");
    session.watch("draw", "").await.unwrap();
}

#[tokio::test]
async fn a_program_brings_a_topic_of_its_own() {
    let redis = start_redis().await;
    let ticks = watch::Sender::new(0);
    let sources = Sources::default().with(Ticks(ticks.clone()));
    let config = config("fra", Endpoint::Url(redis.url()), patient());
    let one = Engine::start_with(config, metrics(), sources).unwrap();
    ready(&one).await;
    let mut session = one.session(&session_id("tab"), person("tab"));

    session.watch(Ticks::NAME, "").await.unwrap();

    assert_eq!(next_state::<TicksTopic>(&mut session).await, (NoKey, 0));
    ticks.send_replace(1);
    assert_eq!(next_state::<TicksTopic>(&mut session).await, (NoKey, 1));
    one.shutdown().await;
}

/// Allows one miss.
struct Misses(AtomicU32);

impl MissLimit for Misses {
    fn may_name(&self) -> Result<(), u32> {
        match self.0.load(Ordering::Acquire) {
            0 => Ok(()),
            _ => Err(7),
        }
    }

    fn missed(&self, _in_cluster: u32) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

struct TicksTopic;

impl Topic for TicksTopic {
    const NAME: &'static str = "ticks";
    type Key = NoKey;
    type State = u64;
}

/// A number in memory.
struct Ticks(watch::Sender<u64>);

impl Ticks {
    const NAME: &'static str = TicksTopic::NAME;
}

impl Source for Ticks {
    type Topic = TicksTopic;

    const LOAD_MAX: usize = 1;

    async fn admit(&self, _: &Viewer, key: NoKey) -> Result<NoKey, WatchError> {
        Ok(key)
    }

    fn channel(&self, _: &NoKey) -> Option<String> {
        None
    }

    fn changes(&self) -> Option<watch::Receiver<u64>> {
        Some(self.0.subscribe())
    }

    async fn load(&self, _: &[NoKey]) -> Result<Loaded<TicksTopic>, LinkError> {
        let ticks = *self.0.borrow();
        Ok(vec![Some(ticks.into())])
    }
}
