//! Everything in which a secret could show.

use edge::testing::RedisServer;
use reqwest::Response;

/// An answer's headers and body.
pub async fn whole(answer: Response) -> String {
    let headers = format!("{:?}", answer.headers());
    headers + &answer.text().await.unwrap()
}

/// Every key and value in Redis; some words are among them.
pub async fn dump(redis: &RedisServer, words: &str) -> String {
    let dump = redis.dump().await.unwrap();
    assert!(dump.contains(words), "{dump}");
    dump
}
