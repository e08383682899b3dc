//! Engines over a Redis of the test's own, spoken to in verbs.

mod any_redis;
pub use any_redis::{AnyRedis, Blow, Failing};

mod crowd;
pub use crowd::Crowd;

mod draw;
pub use draw::{
    CHUNK, DrawScript, ON_CALL, all_points, draw_every, draw_on_call, draw_pair, histogram,
    shutdown_both, until_report, until_round,
};

mod draw_tab;
pub use draw_tab::DrawTab;

mod draw_truth;
pub use draw_truth::{DrawTruth, Kept, Running, fence_number};

mod gate;
pub use gate::{Call, Gate, Hold};

mod instance;
pub use instance::Instance;

mod ledger;
pub use ledger::Ledger;

mod load;
pub use load::Load;

mod mail;
pub use mail::{
    address, claim, inbox, keeping, keyed, lines, mail_config, proved, refusal, roomy, sending,
    start_mail, texts,
};

mod mail_book;
pub use mail_book::{MailBook, Outcome, attempt};

mod mailbox;
pub use mailbox::MailPage;

mod outbox;
pub use outbox::{LEASE, Sender, outbox, says, send, send_from, start_with_peer, take, take_due};

mod page;
pub use page::Page;

mod party;
pub use party::{code_nobody_has, names, place, plan, plan_at};

mod refusal;
pub use refusal::Refusal;

mod tab;
pub use tab::Tab;

mod tally;
pub use tally::{Tally, TallyChange};

mod truth;
pub use truth::{Truth, all_agree, all_agree_within};

use edge::region::{DEFAULT_REGIONS, Regions};
use edge::testing::{Proxy, RedisServer};
use edge::{Config, Endpoint, Engine, Limits, Metrics, PersonId};
use protocol::live::{ServerFrame, WorldTopic};
use protocol::{RegionCode, SessionId, World};
use std::time::Duration;

/// No condition that holds at all takes longer, on a busy machine either.
pub const DEADLINE: Duration = Duration::from_secs(60);
/// What a busy machine may add to a time that the design promises.
pub const LAG: Duration = Duration::from_secs(5);
/// Begins every key; each test has a Redis of its own.
pub const PREFIX: &str = "test:";

/// Starts an engine of that region over that Redis.
pub fn start_engine(region: &str, url: &str) -> Engine {
    start_engine_with(region, url, patient())
}

/// Starts an engine with other limits.
pub fn start_engine_with(region: &str, url: &str, limits: Limits) -> Engine {
    let redis = Endpoint::Url(url.into());
    Engine::start(config(region, redis, limits), metrics()).unwrap()
}

/// Starts an engine of that region over that Redis, and waits until it is ready.
pub async fn ready_engine(region: &str, url: &str) -> Engine {
    ready_engine_with(region, url, patient()).await
}

/// The same with other limits.
pub async fn ready_engine_with(region: &str, url: &str, limits: Limits) -> Engine {
    let engine = start_engine_with(region, url, limits);
    ready(&engine).await;
    engine
}

/// What an engine of that region is told.
pub fn config(region: &str, redis: Endpoint, limits: Limits) -> Config {
    let regions = Regions::parse(DEFAULT_REGIONS).unwrap();
    let place = regions.find(region).unwrap().clone();
    Config {
        url: place.url.clone(),
        place,
        regions,
        peers: edge::peer::Peers::default(),
        redis,
        redis_tls: edge::TlsFiles::default(),
        prefix: PREFIX.into(),
        limits,
    }
}

/// Figures that nobody reads.
pub fn metrics() -> Metrics {
    Metrics::default()
}

/// Starts a Redis.
pub async fn start_redis() -> RedisServer {
    RedisServer::start().await.unwrap()
}

/// Puts a link that breaks on demand before a Redis.
pub fn link_to(redis: &RedisServer) -> Proxy {
    Proxy::start(&redis.url()).unwrap()
}

/// Limits under which no call is given up, for tests in which the link may break but does not fall silent: a busy machine
/// does for a while.
pub fn patient() -> Limits {
    Limits {
        redis_timeout: DEADLINE,
        mail: roomy(),
        ..Limits::default()
    }
}

/// The same, under which instances that have gone are noticed soon; not so soon that a busy machine's look like it.
pub fn impatient() -> Limits {
    Limits {
        beat_every: Duration::from_millis(200),
        beat_limit: Duration::from_secs(4),
        ..patient()
    }
}

/// Limits under which no beat comes but the first, for tests of what must come without one. Nobody is
/// removed meanwhile.
pub fn without_beats() -> Limits {
    let hour = Duration::from_secs(3600);
    Limits {
        beat_every: hour,
        beat_limit: hour * 3,
        ..impatient()
    }
}

/// Waits until the engine's world is as asked.
pub async fn until(engine: &Engine, what: &str, holds: impl Fn(&World) -> bool) -> World {
    until_within(DEADLINE, engine, what, holds).await
}

/// Waits until the engine's world is as asked, for so long at most.
pub async fn until_within(
    limit: Duration,
    engine: &Engine,
    what: &str,
    mut holds: impl FnMut(&World) -> bool,
) -> World {
    let mut changes = engine.mirror().changes();
    let wait = async {
        loop {
            changes.mark_unchanged();
            let world = engine.mirror().world();
            if engine.mirror().is_full() && holds(&world) {
                return world;
            }
            changes.changed().await.unwrap();
        }
    };
    match tokio::time::timeout(limit, wait).await {
        Ok(world) => world,
        Err(_) => panic!(
            "never came: {what}; the world is {:?}",
            engine.mirror().world()
        ),
    }
}

/// Waits until something that nothing announces has come to pass.
pub async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(DEADLINE, wait).await.is_err() {
        panic!("never came: {what}");
    }
}

/// Waits until the engine is registered and its mirror is full.
pub async fn ready(engine: &Engine) {
    let code = engine.place().code.clone();
    until(engine, "a registered instance", |world| {
        world.region(&code).is_some_and(|own| own.instances > 0)
    })
    .await;
}

/// Waits until each of these engines sees all of them.
pub async fn all_ready(engines: &[&Engine]) {
    let all_of = |code: &RegionCode| {
        let there = engines.iter().filter(|engine| engine.place().code == *code);
        there.count() as u32
    };
    for engine in engines {
        until(engine, "every instance", |world| {
            engines.iter().all(|other| {
                let code = &other.place().code;
                world
                    .region(code)
                    .is_some_and(|region| region.instances >= all_of(code))
            })
        })
        .await;
    }
}

/// A frame as a session hands it out.
pub fn read(json: &[u8]) -> ServerFrame {
    ServerFrame::decode(std::str::from_utf8(json).unwrap()).unwrap()
}

/// The world as a frame tells of it.
pub fn read_world(json: &[u8]) -> World {
    match read(json) {
        ServerFrame::State(frame) => frame.read::<WorldTopic>().unwrap().1,
        other => panic!("{other:?}"),
    }
}

/// The session id of that name.
pub fn session_id(name: &str) -> SessionId {
    SessionId::parse(&format!("{name:_>16}")).unwrap()
}

/// The person of that name.
pub fn person(name: &str) -> PersonId {
    let mut id = [0; 16];
    for (at, byte) in name.bytes().take(16).enumerate() {
        id[at] = byte;
    }
    PersonId(id)
}
