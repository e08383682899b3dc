//! Servers as processes, visitors as clients, spoken to in verbs.

mod process;
pub use process::{Server, Setup};

mod draw;
pub use draw::{
    DrawTold, Held, PLAYERS, POINTS_MAX, Shown, assert_timestamp, making, making_ends, now_in,
    settled, unix,
};

mod draw_page;
pub use draw_page::{DrawPage, asked, look_up, show_draw};

mod draw_player;
pub use draw_player::{call_player, join_draw, kept_player, page_of_player, set_player};

mod exchange;
pub use exchange::{exchange, post_frames};

mod federation;
pub use federation::{Cluster, KeyTexts, body, claims, in_seconds, token, two_clusters};

mod gate;
pub use gate::Gate;

mod http;
pub use http::{client, code, handed_over, json, raw};

mod mail;
pub use mail::{letters, letters_of, texts, visitor};

mod party;
pub use party::{assert_problem, device, form};

mod poll;
pub use poll::votes;

mod secrets;
pub use secrets::{dump, whole};

mod tab;
pub use tab::{BEAT, Tab, is_state_of, session_id};

use edge::testing::RedisServer;
use std::time::Duration;

/// No condition that holds at all takes longer, on a busy machine either.
pub const DEADLINE: Duration = Duration::from_secs(60);
/// What a busy machine may add to a time that the design promises.
pub const LAG: Duration = Duration::from_secs(5);

/// Starts a Redis.
pub async fn start_redis() -> RedisServer {
    RedisServer::start().await.unwrap()
}

/// The clicks that a Redis holds, past all servers.
pub async fn clicks_in(redis: &RedisServer) -> i64 {
    let mut connection = redis.connection().await.unwrap();
    let mut look = redis::cmd("HVALS");
    let clicks: Vec<i64> = look
        .arg("test:{world}:1:clicks")
        .query_async(&mut connection)
        .await
        .unwrap();
    clicks.iter().sum()
}

/// Waits until something that nothing announces has come to pass.
pub async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    eventually_within(DEADLINE, what, holds).await;
}

/// Waits until something that nothing announces has come to pass, for so long at most.
pub async fn eventually_within(limit: Duration, what: &str, holds: impl AsyncFn() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if tokio::time::timeout(limit, wait).await.is_err() {
        panic!("never came: {what}");
    }
}
