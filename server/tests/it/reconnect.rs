//! Sessions that move from one instance to another.

use crate::support::{LAG, Server, Tab, start_redis};
use std::time::Duration;

/// A killed instance is gone from every page within this (DESIGN.md).
const GONE: Duration = Duration::from_secs(6);

#[tokio::test]
async fn clicks_sent_again_on_another_instance_count_once() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let mut tab = Tab::open(&ord, "ann").await;
    for seq in 1..=10 {
        tab.click(seq).await;
    }
    tab.settled(5).await;
    drop(tab);

    // It does not know what became of 6 to 10, nor, to be nasty, of 1 to 5.
    let mut tab = Tab::open(&fra, "ann").await;
    for seq in 1..=12 {
        tab.click(seq).await;
    }
    tab.settled(12).await;
    let _tab = tab.stay();

    for server in [&ord, &fra] {
        server
            .until("twelve clicks", |world| world.clicks == 12)
            .await;
    }
    // Once the tab has left, all its clicks are in the instance's hands, and are counted before this one.
    ord.until("one tab, on the other instance", |world| {
        world.connections == 1
    })
    .await;
    assert_eq!(ord.click("last").send().await.unwrap().status(), 200);
    assert_eq!(ord.report().await.clicks, 13);
}

#[tokio::test]
async fn a_killed_instance_is_gone_for_the_others_and_its_sessions_go_on_elsewhere() {
    let redis = start_redis().await;
    let (mut ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let cookie = fra.cookie().await;
    let mut tab = Tab::open_as(&ord, "ann", &cookie).await;
    let _bob = Tab::open(&fra, "bob").await.stay();
    for seq in 1..=50 {
        tab.click(seq).await;
    }
    fra.until("both", |world| (world.people, world.instances()) == (2, 2))
        .await;

    ord.kill();
    let mut acknowledged = 0;
    while let Ok(frame) = tab.try_hear().await {
        acknowledged = frame["seq"]
            .as_u64()
            .filter(|_| frame["type"] == "ack")
            .unwrap_or(acknowledged);
    }
    let gone = async {
        fra.until_within(GONE + LAG, "one gone", |world| {
            world.region("ord").is_none_or(|ord| ord.instances == 0)
        })
        .await
    };
    let moved = async {
        let mut tab = Tab::open_as(&fra, "ann", &cookie).await;
        for seq in acknowledged + 1..=50 {
            tab.click(seq).await;
        }
        if acknowledged < 50 {
            tab.settled(50).await;
        }
        tab.stay()
    };
    let (report, _tab) = tokio::join!(gone, moved);

    assert!(
        report
            .region("ord")
            .is_none_or(|ord| (ord.people, ord.connections) == (0, 0))
    );
    fra.until("all clicks and both people", |world| {
        (world.clicks, world.people, world.connections) == (50, 2, 2)
    })
    .await;
}
