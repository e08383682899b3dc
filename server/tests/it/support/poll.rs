//! Programs and tabs that speak to polls.

use super::{Server, Tab, device, json};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

/// A question and its two options.
fn question() -> Value {
    json!({ "question": "When do we fly?", "options": ["Dawn", "Dusk"] })
}

impl Server {
    /// The call by which that device asks the question.
    pub fn asking(&self, name: &str) -> RequestBuilder {
        let mut body = question();
        body["device_id"] = device(name).into();
        self.post("/api/polls").json(&body)
    }

    /// Asks the question with that device. Returns the poll's code.
    pub async fn ask(&self, name: &str) -> String {
        let answer = self.asking(name).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        json(answer).await["key"].as_str().unwrap().to_owned()
    }

    /// The call by which that device changes a poll.
    pub fn changing(&self, code: &str, name: &str, change: &Value) -> RequestBuilder {
        let body = json!({ "device_id": device(name), "change": change });
        self.post(&format!("/api/polls/{code}/changes")).json(&body)
    }

    pub async fn change(&self, code: &str, name: &str, change: Value) -> Response {
        self.changing(code, name, &change).send().await.unwrap()
    }

    /// A poll as everybody sees it.
    pub async fn poll(&self, code: &str) -> Value {
        let answer = self.get(&format!("/api/polls/{code}")).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200);
        json(answer).await
    }

    /// The votes for each of its options.
    pub async fn votes(&self, code: &str) -> Vec<u64> {
        votes(&self.poll(code).await)
    }
}

/// The votes in a poll.
pub fn votes(poll: &Value) -> Vec<u64> {
    let options = poll["value"]["options"].as_array().unwrap().iter();
    options
        .map(|option| option["votes"].as_u64().unwrap())
        .collect()
}

impl Tab {
    pub async fn change(&mut self, code: &str, seq: u64, change: Value) {
        self.say(
            json!({ "type": "change", "topic": "poll", "key": code, "seq": seq, "change": change }),
        )
        .await;
    }

    /// Waits until all changes up to that one are decided. Returns what the poll holds of the tab's person.
    pub async fn decided(&mut self, seq: u64) -> Value {
        loop {
            let frame = self.hear_a("own").await;
            if frame["seq"].as_u64().unwrap_or_default() >= seq {
                return frame["own"].clone();
            }
        }
    }

    /// The next refusal: the change's number, the problem's status and kind.
    pub async fn refusal(&mut self) -> (u64, u64, String) {
        let frame = self.hear_a("refused_change").await;
        let problem = &frame["problem"];
        assert!(problem["detail"].is_string(), "{frame}");
        (
            frame["seq"].as_u64().unwrap(),
            problem["status"].as_u64().unwrap(),
            problem["type"].as_str().unwrap().to_owned(),
        )
    }
}
