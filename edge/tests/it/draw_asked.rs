//! When the draw was last asked, and what regions hear of it.

use crate::support::{
    DrawScript, DrawTab, DrawTruth, Gate, draw_on_call, draw_pair, eventually, shutdown_both,
    start_engine_with, start_redis, until_round,
};
use edge::Engine;
use edge::testing::RedisServer;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

fn asked_at(engine: &Engine) -> Option<String> {
    engine.draw().news().unwrap().asked_at
}

#[tokio::test]
async fn a_session_hears_of_queries_in_any_region() {
    let redis = start_redis().await;
    let (engines, _) = draw_pair(&redis).await;
    let [here, there] = &engines;
    let mut tabs = [DrawTab::open(here, "ann"), DrawTab::open(there, "bob")];
    for tab in &mut tabs {
        assert_eq!(tab.next().await.asked_at, None);
    }

    here.draw().ask().unwrap();

    let asked = asked_at(here);
    assert!(asked.is_some());
    for tab in &mut tabs {
        tab.until("the query", |told| told.last().unwrap().asked_at == asked)
            .await;
    }
    shutdown_both(engines).await;
}

#[tokio::test]
async fn the_last_query_is_the_latest_of_all_regions_and_never_goes_back() {
    let redis = start_redis().await;
    let (engines, truth) = draw_pair(&redis).await;
    let [here, there] = &engines;
    let key = DrawTruth::key("asked");
    assert_eq!(here.draw().ask().unwrap().two.timestamp, None);
    eventually("the first query, there", async || {
        asked_at(there) == asked_at(here)
    })
    .await;
    let first = asked_at(here);

    let told = there.draw().ask().unwrap().two.timestamp.unwrap();
    assert_eq!(told, first.as_ref().unwrap().replace('T', " ")[..19]);
    // Until another second has come of it.
    eventually("a later query", async || {
        there.draw().ask().unwrap();
        asked_at(there) > first
    })
    .await;
    eventually("the later query, here", async || {
        asked_at(here) == asked_at(there)
    })
    .await;

    // Redis forgets: who knows goes on knowing.
    let later = asked_at(here);
    for forgotten in [&["SET", &key, "1"][..], &["DEL", &key]] {
        let _: redis::Value = truth.run(forgotten).await;
        truth.make_due().await;
        let number = truth.running().await.unwrap().number + 1;
        for engine in &engines {
            until_round(engine, number).await;
            assert!(asked_at(engine) >= later);
        }
    }
    shutdown_both(engines).await;
}

#[tokio::test]
async fn a_query_that_is_told_late_or_ahead_of_time_is_not_the_last() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let gate = Gate::before(&redis).await;
    let engine = start_engine_with("ord", &gate.url(), draw_on_call(10));
    until_round(&engine, 0).await;
    let tells = || {
        let mut calls = gate.calls();
        calls.retain(|call| DrawScript::Asked.is(call));
        calls
    };
    eventually("queries in two seconds", async || {
        engine.draw().ask().unwrap();
        tells().len() > 1
    })
    .await;
    let key = DrawTruth::key("asked");
    let stored = async || truth.run::<u64>(&["GET", &key]).await;
    let told = || {
        let last = DrawScript::Asked.args(tells().last().unwrap()).unwrap()[0].clone();
        last.parse::<u64>().unwrap()
    };
    // Also where it was in a third second.
    eventually("the last", async || {
        let second = &asked_at(&engine).unwrap()[17..19];
        told() % 60 == second.parse::<u64>().unwrap() && stored().await == told()
    })
    .await;
    let last = told();

    truth.repeat(&tells()[0]).await;
    assert_eq!(stored().await, last);
    let mut ahead = tells()[0].clone();
    ahead[10] = b"9999999999".to_vec();
    truth.repeat(&ahead).await;
    let time: (u64, u64) = truth.run(&["TIME"]).await;
    assert!(stored().await <= time.0);

    engine.shutdown().await;
}

#[tokio::test]
async fn a_query_of_a_time_to_come_is_none_any_more() {
    let redis = start_redis().await;
    let (engines, truth) = draw_pair(&redis).await;
    let [here, there] = &engines;
    let key = DrawTruth::key("asked");

    // A clock that was an hour ahead has been set back.
    let time: (u64, u64) = truth.run(&["TIME"]).await;
    let ahead = (time.0 + 3_600).to_string();
    let _: String = truth.run(&["SET", &key, &ahead]).await;
    truth.make_due().await;
    for engine in &engines {
        until_round(engine, 1).await;
    }
    let told = asked_at(there);
    assert!(told.is_some());

    eventually("a later query, there", async || {
        here.draw().ask().unwrap();
        let stored: u64 = truth.run(&["GET", &key]).await;
        asked_at(there) > told && stored < time.0 + 3_600
    })
    .await;
    shutdown_both(engines).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_queries_are_told_once_a_second() {
    let redis = start_redis().await;
    let (engines, _) = draw_pair(&redis).await;
    let published = listen(&redis, &DrawTruth::key("changes")).await;
    let begun = Instant::now();

    let mut queries = 0;
    while published() < 3 {
        for engine in &engines {
            engine.draw().ask().unwrap();
            queries += 1;
        }
        tokio::task::yield_now().await;
    }
    let asked = engines.each_ref().map(asked_at).into_iter().max().unwrap();
    for engine in &engines {
        eventually("the last query", async || asked_at(engine) == asked).await;
    }

    let published = published();
    // Also where the instances' clocks are a little apart.
    let most = begun.elapsed().as_secs() as usize + 3;
    assert!(published <= most, "{published} of {most}");
    assert!(queries > 20 * published, "{queries} queries");
    shutdown_both(engines).await;
}

/// Counts the messages of a channel from now on.
async fn listen(redis: &RedisServer, channel: &str) -> impl Fn() -> usize + use<> {
    let url = redis.url();
    let path = url.trim_start_matches("redis+unix://");
    let mut stream = UnixStream::connect(path).await.unwrap();
    let call = format!("SSUBSCRIBE {channel}\r\n");
    stream.write_all(call.as_bytes()).await.unwrap();
    let mut some = [0; 1 << 12];
    let length = stream.read(&mut some).await.unwrap();
    assert!(String::from_utf8_lossy(&some[..length]).contains("subscribe"));
    let heard = Arc::new(Mutex::new(String::new()));
    let hearing = heard.clone();
    tokio::spawn(async move {
        while let Ok(length @ 1..) = stream.read(&mut some).await {
            let text = String::from_utf8_lossy(&some[..length]);
            hearing.lock().unwrap().push_str(&text);
        }
    });
    move || heard.lock().unwrap().matches("$8\r\nsmessage\r\n").count()
}
