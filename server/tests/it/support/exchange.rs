//! Pages without a socket.

use super::{Server, session_id};
use protocol::live::VERSION;
use reqwest::Response;
use serde_json::{Value, json};

/// One exchange of a session of that name: the hello and these frames.
pub async fn post_frames(server: &Server, name: &str, frames: &[Value]) -> Response {
    let hello = json!({ "type": "hello", "version": VERSION, "session": session_id(name) });
    let lines: Vec<_> = std::iter::once(&hello)
        .chain(frames)
        .map(Value::to_string)
        .collect();
    let request = server.post("/live").header("origin", server.origin());
    request.body(lines.join("\n")).send().await.unwrap()
}

/// The frames that answer it.
pub async fn exchange(server: &Server, name: &str, frames: &[Value]) -> Vec<Value> {
    let answer = post_frames(server, name, frames).await;
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
