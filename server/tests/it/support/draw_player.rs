//! Visitors who are players of the draw.

use super::{DrawPage, Server, json};
use reqwest::Response;
use serde_json::Value;

/// The `Set-Cookie` headers of an answer that are of the cookie with the number.
pub fn set_player(answer: &Response) -> Vec<String> {
    let all = answer.headers().get_all("set-cookie").iter();
    let all = all.map(|value| value.to_str().unwrap().to_owned());
    all.filter(|value| value.starts_with("player=")).collect()
}

/// The cookie that an answer sets, as a browser sends it back.
pub fn kept_player(answer: &Response) -> String {
    let set = set_player(answer);
    let [set] = &set[..] else { panic!("{set:?}") };
    set.split(';').next().unwrap().to_owned()
}

/// Calls the visitor's own player.
pub async fn call_player(server: &Server, method: &str, cookie: &str) -> Response {
    let call = server.request(method, "/api/draw/player");
    call.header("cookie", cookie).send().await.unwrap()
}

/// Becomes a player as a program does: the player, and the cookie.
pub async fn join_draw(server: &Server) -> (Value, String) {
    let answer = call_player(server, "POST", "").await;
    assert_eq!(answer.status(), 200);
    let cookie = kept_player(&answer);
    (json(answer).await, cookie)
}

/// The page of the draw for whoever sends these cookies.
pub async fn page_of_player(server: &Server, cookie: &str) -> DrawPage {
    let call = server.get("/draw").header("cookie", cookie);
    DrawPage::of(call.send().await.unwrap()).await
}
