//! Servers that end in the middle of mail between clusters.

use crate::support::{Server, eventually, two_clusters};
use edge::testing::Proxy;
use std::time::Duration;

const MESSAGES: u64 = 60;

fn texts() -> Vec<String> {
    (0..MESSAGES).map(|number| format!("{number:02}")).collect()
}

async fn send_all(ord: &Server) {
    for text in texts() {
        let sent = ord.mail(&text, "moon-ann", "ord-anyone").await;
        assert_eq!(sent.status(), 201);
    }
}

#[tokio::test]
async fn a_receiver_killed_in_the_middle_loses_and_doubles_nothing() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    // Each step takes long enough for the end to come between two of them.
    let slow = Proxy::start(&starlings.redis.url()).unwrap();
    let setup = starlings.setup(&[&larks]);
    let mut killed = setup.clone().with("REDIS_URL", &slow.url()).start().await;
    let other = setup.start().await;
    let ann = other.claim("moon-ann").await;
    send_all(&ord).await;
    slow.delay(Duration::from_millis(30));
    starlings.gate.lead_to(killed.address);
    eventually("a batch that has begun", async || {
        starlings.letters("moon-ann").await > 2
    })
    .await;

    killed.kill();
    assert!(
        starlings.letters("moon-ann").await < MESSAGES,
        "in the middle"
    );
    starlings.gate.lead_to(other.address);

    eventually("everything", async || {
        other.inbox(&ann, "moon-ann").await.len() as u64 >= MESSAGES
    })
    .await;
    eventually("an empty outbox", async || {
        larks.waiting_for("starlings").await == 0
    })
    .await;
    assert_eq!(other.inbox(&ann, "moon-ann").await, texts());
}

#[tokio::test]
async fn another_instance_goes_on_where_the_sending_one_was_killed() {
    let (larks, starlings) = two_clusters().await;
    let mut killed = larks.start(&[&starlings]).await;
    let moon = starlings.setup(&[&larks]).start().await;
    let ann = moon.claim("moon-ann").await;
    starlings.gate.get_stuck();
    send_all(&killed).await;
    eventually("a call that hangs", async || starlings.gate.calls() > 0).await;
    let _other = larks.start(&[&starlings]).await;

    killed.kill();
    starlings.gate.lead_to(moon.address);

    eventually("everything", async || {
        moon.inbox(&ann, "moon-ann").await == texts()
    })
    .await;
}

#[tokio::test]
async fn an_instance_that_shuts_down_hands_over_at_once() {
    let (larks, starlings) = two_clusters().await;
    let mut first = larks.start(&[&starlings]).await;
    let moon = starlings.setup(&[&larks]).start().await;
    let ann = moon.claim("moon-ann").await;
    starlings.gate.get_stuck();
    send_all(&first).await;
    eventually("a call that hangs", async || starlings.gate.calls() > 0).await;
    let _other = larks.start(&[&starlings]).await;
    let calls = starlings.gate.calls();

    first.terminate();
    let status = first.ended_within(Duration::from_secs(20)).await;

    assert!(status.success());
    // Nobody waits for its lease to run out.
    let sender = larks.sender_to("starlings").await;
    assert_ne!(sender, Some(first.instance()));
    eventually("the other's call", async || starlings.gate.calls() > calls).await;
    starlings.gate.lead_to(moon.address);
    eventually("everything", async || {
        moon.inbox(&ann, "moon-ann").await == texts()
    })
    .await;
}

#[tokio::test]
async fn answers_that_are_lost_double_nothing() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    let slow = Proxy::start(&starlings.redis.url()).unwrap();
    let setup = starlings.setup(&[&larks]);
    let moon = setup.with("REDIS_URL", &slow.url()).start().await;
    let ann = moon.claim("moon-ann").await;
    send_all(&ord).await;
    slow.delay(Duration::from_millis(10));

    // The connection ends before the answer; what was stored by then is stored.
    for stored in [1, MESSAGES / 2] {
        starlings.gate.lead_to(moon.address);
        eventually("some of it", async || {
            starlings.letters("moon-ann").await > stored
        })
        .await;
        starlings.gate.close();
    }
    slow.restore();
    starlings.gate.lead_to(moon.address);

    eventually("an empty outbox", async || {
        larks.waiting_for("starlings").await == 0
    })
    .await;
    assert_eq!(moon.inbox(&ann, "moon-ann").await, texts());
}
