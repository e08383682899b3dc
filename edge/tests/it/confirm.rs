//! What is acknowledged has reached a replica.

use crate::support::{Tab, Truth, all_agree, eventually, impatient, start_engine_with, until};
use edge::testing::{RedisOptions, RedisServer};
use edge::{Confirm, ConfirmWhen, Engine, Limits, LinkError, PartyError};
use protocol::ParticipantName;
use std::time::Duration;

fn confirming(when: ConfirmWhen) -> Limits {
    let confirm = Confirm {
        when,
        within: Duration::from_millis(300),
        ..Confirm::default()
    };
    Limits {
        confirm,
        ..impatient()
    }
}

async fn replica_of(primary: &RedisServer) -> RedisServer {
    let options = RedisOptions::default().tcp().replica_of(primary);
    RedisServer::start_with(options).await.unwrap()
}

#[tokio::test]
async fn what_a_standing_replica_does_not_confirm_is_not_acknowledged_and_counts_once() {
    let redis = RedisServer::start_tcp().await.unwrap();
    let mut replica = replica_of(&redis).await;
    eventually("a replica", async || {
        is_replicated(&mut Truth::of(&redis).await).await
    })
    .await;
    let engine = start_engine_with("ord", &redis.url(), confirming(ConfirmWhen::Replicated));
    let mut ann = Tab::open(&engine, "ann");
    ann.click_up(1);
    ann.settled().await;

    replica.freeze().unwrap();
    ann.click_up(2);
    ann.listen_until("an age", |tab| tab.view().age_ms > 0)
        .await;
    // Counted, and not acknowledged.
    eventually("the clicks in Redis", async || {
        Truth::of(&redis).await.clicks().await == 3
    })
    .await;
    assert_eq!(ann.acked(), 1);
    assert!(!engine.takes_writes());
    assert!(matches!(
        create(&engine).await,
        Err(PartyError::Link(LinkError::Unconfirmed))
    ));
    replica.thaw().unwrap();

    ann.settled().await;
    create(&engine).await.unwrap();
    assert_eq!(Truth::of(&replica).await.clicks().await, 3);
    all_agree(&redis, &[&engine]).await;
    engine.shutdown().await;
}

#[tokio::test]
async fn nothing_is_acknowledged_before_the_first_replica_where_one_is_required() {
    let redis = RedisServer::start_tcp().await.unwrap();
    let engine = start_engine_with("ord", &redis.url(), confirming(ConfirmWhen::Always));
    let mut ann = Tab::open(&engine, "ann");
    ann.click_up(2);
    ann.listen_until("an age", |tab| tab.view().age_ms > 0)
        .await;
    assert_eq!(ann.acked(), 0);

    let replica = replica_of(&redis).await;

    ann.settled().await;
    until(&engine, "both clicks", |world| world.clicks() == 2).await;
    assert_eq!(Truth::of(&replica).await.clicks().await, 2);
    engine.shutdown().await;
}

async fn create(engine: &Engine) -> Result<(), PartyError> {
    let host = crate::support::person("host");
    let name = ParticipantName::parse("Host").unwrap();
    let plan = crate::support::plan(name.as_str());
    engine.parties().create(host, plan).await.map(drop)
}

async fn is_replicated(truth: &mut Truth) -> bool {
    let role: redis::Role = truth.run(&["ROLE"]).await;
    matches!(role, redis::Role::Primary { replicas, .. } if !replicas.is_empty())
}
