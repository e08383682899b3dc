//! Nobody finds parties by guessing, from however many addresses and through however many instances.

use crate::support::{Server, Setup, assert_problem, eventually, start_redis};
use edge::testing::RedisServer;
use serde_json::json;

/// A code that is no party's here: of a billion, few are given out.
const GUESS: &str = "123456789";

/// A server behind a proxy that says where visitors come from.
fn behind_a_proxy(region: &str, redis: &RedisServer) -> Setup {
    Setup::new(region, redis).with("TRUSTED_PROXIES", "127.0.0.0/8")
}

/// Names a code from an address.
async fn name(server: &Server, code: &str, from: &str) -> reqwest::Response {
    let call = server.get(&format!("/parties/{code}"));
    let call = call.header("x-forwarded-for", from);
    call.send().await.unwrap()
}

#[tokio::test]
async fn a_network_misses_so_often_and_no_more() {
    let redis = start_redis().await;
    let setup = behind_a_proxy("ord", &redis).with("NETWORK_PARTY_MISSES_PER_MINUTE", "3");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;

    for (guessers, neighbour, stranger) in [
        (["10.1.2.3", "10.1.2.4", "10.1.2.5"], "10.1.2.6", "10.1.3.3"),
        (
            ["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"],
            "2001:db8:0:4::1",
            "2001:db8:1:1::1",
        ),
    ] {
        for guesser in guessers {
            assert_eq!(name(&server, GUESS, guesser).await.status(), 404);
        }

        let refused = name(&server, &code, neighbour).await;
        assert!(refused.headers().contains_key("retry-after"));
        assert_problem(refused, 429, "too-many-guesses").await;
        assert_eq!(name(&server, &code, stranger).await.status(), 200);
    }
}

#[tokio::test]
async fn while_the_cluster_misses_too_often_everybody_may_miss_less_on_all_instances() {
    let redis = start_redis().await;
    let setup =
        |region| behind_a_proxy(region, &redis).with("CLUSTER_PARTY_MISSES_PER_MINUTE", "2");
    let (ord, fra) = (setup("ord").start().await, setup("fra").start().await);
    let code = ord.create("ann", json!({})).await;
    // By far within the limits of each.
    for at in 0..40 {
        let missed = name(&ord, GUESS, &format!("10.0.{at}.1")).await;
        assert_eq!(missed.status(), 404);
    }

    let next = std::sync::atomic::AtomicU8::new(0);
    eventually("one miss a minute in another region", async || {
        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let fresh = format!("10.1.{at}.1");
        assert_eq!(name(&fra, GUESS, &fresh).await.status(), 404);
        name(&fra, GUESS, &fresh).await.status() == 429
    })
    .await;

    for at in 0..20 {
        let found = name(&fra, &code, "10.2.0.1").await;
        assert_eq!(found.status(), 200, "known codes cost nothing: {at}");
    }
}
