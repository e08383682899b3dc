//! Calls that come late: a network held them back, and their caller gave up on them and made others since.

use crate::support::{Tab, Truth, all_agree, eventually, ready_engine, start_redis, until};
use edge::testing::RedisServer;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

#[tokio::test]
async fn calls_that_come_late_change_nothing() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let overheard = overhear(&redis).await;
    let one = ready_engine("fra", &redis.url()).await;
    let mut ann = Tab::open(&one, "ann");
    ann.click_up(3);
    ann.settled().await;
    let bob = Tab::open(&one, "bob");
    let more_of_ann = Tab::open(&one, "ann");
    until(&one, "three tabs", |world| world.connections() == 3).await;
    drop((bob, more_of_ann));
    ann.click_up(2);
    ann.settled().await;
    until(&one, "one tab", |world| world.connections() == 1).await;
    let before = one.mirror().world();

    let calls = overheard.so_far(&mut truth).await;
    let numbers = truth.regions().await;
    for call in calls.iter().rev() {
        let words: Vec<&str> = call.iter().map(String::as_str).collect();
        let _: redis::Value = truth.run(&words).await;
        assert_eq!(truth.regions().await, numbers, "after {words:?}");
    }

    assert!(calls.len() > 5, "{calls:?}");
    all_agree(&redis, &[&one]).await;
    assert_eq!(one.mirror().world().regions, before.regions);
    let _cem = Tab::open(&one, "cem");
    until(&one, "a newcomer", |world| {
        (world.people(), world.clicks()) == (2, 5)
    })
    .await;
    all_agree(&redis, &[&one]).await;
    one.shutdown().await;
}

/// Every call that Redis gets from now on, word by word.
struct Overheard(Arc<Mutex<Vec<Vec<String>>>>);

impl Overheard {
    /// Every script call until now.
    async fn so_far(&self, truth: &mut Truth) -> Vec<Vec<String>> {
        const END: &str = "all that was said";
        let _: String = truth.run(&["ECHO", END]).await;
        eventually(END, async || {
            let calls = self.0.lock().unwrap();
            calls.iter().any(|words| words[1..] == [END])
        })
        .await;
        let mut calls = self.0.lock().unwrap().clone();
        calls.retain(|words| words[0] == "EVALSHA");
        calls
    }
}

async fn overhear(redis: &RedisServer) -> Overheard {
    let url = redis.url();
    let path = url.trim_start_matches("redis+unix://");
    let mut stream = UnixStream::connect(path).await.unwrap();
    stream.write_all(b"MONITOR\r\n").await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("+OK"));
    let calls = Arc::new(Mutex::new(Vec::new()));
    let heard = calls.clone();
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let words = words(&line);
            if !words.is_empty() {
                heard.lock().unwrap().push(words);
            }
        }
    });
    Overheard(calls)
}

/// The command in a line such as `+1.2 [0 unix:/…] "SET" "key" "a \"value\""`.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = line.chars();
    while letters.by_ref().any(|letter| letter == '"') {
        let mut word = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => break,
                '\\' => word.extend(letters.next()),
                _ => word.push(letter),
            }
        }
        words.push(word);
    }
    words
}
