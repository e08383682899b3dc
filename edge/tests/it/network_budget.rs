//! What a network leaves behind is counted for all instances together, for a day.

use crate::support::{Truth, patient, ready_engine_with, start_redis};
use edge::{IdentityKey, Limits};
use std::time::Duration;

#[tokio::test]
async fn all_instances_spend_of_one_budget_until_the_day_ends() {
    let redis = start_redis().await;
    let limits = Limits {
        network_bytes_per_day: 100,
        ..patient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    let two = ready_engine_with("ord", &redis.url(), limits).await;
    let key = IdentityKey::new(&[7; 32]);
    let of = |first: &str| key.network(first.parse().unwrap());
    let (here, there) = (of("10.1.2.0"), of("2001:db8:1::"));
    let day = Duration::from_secs(24 * 3600);

    assert_eq!(one.networks().spend(here, 60).await.unwrap(), None);
    assert_eq!(two.networks().spend(here, 40).await.unwrap(), None);
    let wait = one.networks().spend(here, 1).await.unwrap();
    assert!(wait.is_some_and(|wait| wait <= day), "{wait:?}");
    assert_eq!(one.networks().spend(there, 100).await.unwrap(), None);

    let mut truth = Truth::of(&redis).await;
    let keys: Vec<String> = truth.run(&["KEYS", "*{network:*"]).await;
    assert_eq!(keys.len(), 2);
    for name in keys {
        let left_s: u64 = truth.run(&["TTL", &name]).await;
        assert!((1..=day.as_secs()).contains(&left_s));
        let _: u32 = truth.run(&["DEL", &name]).await;
    }
    assert_eq!(two.networks().spend(here, 100).await.unwrap(), None);
    one.shutdown().await;
    two.shutdown().await;
}
