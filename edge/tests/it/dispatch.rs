//! Visitors are sent to what lives, as every instance knows it.

use crate::support::{
    DEADLINE, Instance, Tab, eventually, impatient, ready, start_engine, start_engine_with,
    start_redis,
};
use edge::{Endpoint, Engine};
use protocol::Coordinates;

fn berlin() -> Coordinates {
    Coordinates::new(52.52, 13.4).unwrap()
}

/// Waits until the engine sends people in Berlin to that region.
async fn until_sent(engine: &Engine, region: &str) {
    eventually(region, async || {
        let found = engine.find_manager(berlin());
        found.is_some_and(|found| found.region.as_str() == region)
    })
    .await;
}

#[tokio::test]
async fn a_dead_region_is_skipped_and_found_again_when_it_is_back() {
    let redis = start_redis().await;
    let ord = start_engine_with("ord", &redis.url(), impatient());
    let endpoint = Endpoint::Url(redis.url());
    let fra = Instance::start("fra", endpoint.clone(), impatient());
    until_sent(&ord, "fra").await;

    fra.kill();
    until_sent(&ord, "ord").await;

    let fra = Instance::start("fra", endpoint, impatient());
    until_sent(&ord, "fra").await;
    fra.shutdown().await;
    until_sent(&ord, "ord").await;
    fra.kill();
    ord.shutdown().await;
}

#[tokio::test]
async fn an_instance_that_comes_later_knows_all_who_came_before() {
    let redis = start_redis().await;
    let ord = start_engine("ord", &redis.url());
    let fra = start_engine("fra", &redis.url());
    until_sent(&ord, "fra").await;

    let syd = start_engine("syd", &redis.url());

    until_sent(&syd, "fra").await;
    eventually("all three", async || syd.managers().len() == 3).await;
    let managers = syd.managers();
    let codes: Vec<_> = managers
        .iter()
        .map(|manager| manager.region.as_str())
        .collect();
    assert_eq!(codes, ["fra", "ord", "syd"]);
    assert_eq!(managers[0].url, "https://fra.murmuration.example");
    for engine in [ord, fra, syd] {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn of_two_instances_the_less_loaded_one_is_found() {
    let redis = start_redis().await;
    let [one, other] = ["https://one.example", "https://other.example"].map(|url| {
        let mut config =
            crate::support::config("fra", Endpoint::Url(redis.url()), edge::Limits::default());
        config.url = url.into();
        Engine::start(config, crate::support::metrics()).unwrap()
    });
    ready(&one).await;
    eventually("both", async || {
        one.managers().iter().any(|manager| manager.instances == 2)
    })
    .await;

    let tab = Tab::open(&one, "ann");

    // Both are picked whenever there are two, so that the emptier one is always found.
    let emptier = async || {
        (0..20).all(|_| {
            let found = other.find_manager(berlin());
            found.is_some_and(|found| found.url == "https://other.example")
        })
    };
    eventually("the emptier one", emptier).await;
    let tabs = [Tab::open(&other, "bob"), Tab::open(&other, "cyd")];
    let emptier = async || {
        (0..20).all(|_| {
            let found = one.find_manager(berlin());
            found.is_some_and(|found| found.url == "https://one.example")
        })
    };
    eventually("the other one", emptier).await;
    drop((tab, tabs));
    for engine in [one, other] {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn without_redis_visitors_are_sent_where_the_last_known_world_was_alive() {
    let mut redis = start_redis().await;
    let ord = start_engine_with("ord", &redis.url(), impatient());
    let fra = start_engine_with("fra", &redis.url(), impatient());
    until_sent(&ord, "fra").await;

    redis.stop().await.unwrap();
    eventually("Redis away", async || !ord.mirror().is_current()).await;

    assert_eq!(ord.find_manager(berlin()).unwrap().region.as_str(), "fra");
    for engine in [ord, fra] {
        tokio::time::timeout(DEADLINE, engine.shutdown())
            .await
            .unwrap();
    }
}
