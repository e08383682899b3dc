//! Programs that speak to parties.

use super::{Server, client, json};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

/// The device of that name: its id is a secret that looks like one.
pub fn device(name: &str) -> String {
    format!("{name}-secret-device-id")
}

impl Server {
    pub fn patch(&self, path: &str) -> RequestBuilder {
        client().patch(self.url(path))
    }

    pub fn delete(&self, path: &str) -> RequestBuilder {
        client().delete(self.url(path))
    }

    /// Creates a party of that device's with these fields too. Returns its code.
    pub async fn create(&self, name: &str, fields: Value) -> String {
        let mut body = json!({ "device_id": device(name), "participant_name": name });
        let fields = fields.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(fields);
        let answer = self.post("/parties").json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let created = json(answer).await;
        created["party_code"].as_str().unwrap().to_owned()
    }

    pub async fn join(&self, code: &str, name: &str) -> Response {
        let body = json!({ "device_id": device(name), "participant_name": name });
        let call = self.post(&format!("/parties/{code}/participants"));
        call.json(&body).send().await.unwrap()
    }

    pub async fn leave(&self, code: &str, name: &str) -> Response {
        let path = format!("/parties/{code}/participants/{}", device(name));
        self.delete(&path).send().await.unwrap()
    }

    pub async fn rename(&self, code: &str, name: &str, to: &str) -> Response {
        let path = format!("/parties/{code}/participants/{}", device(name));
        let call = self.patch(&path).json(&json!({ "participant_name": to }));
        call.send().await.unwrap()
    }

    /// Who is in a party, as names with a star after the leader's.
    pub async fn members(&self, code: &str) -> Vec<String> {
        let answer = self.get(&format!("/parties/{code}/participants"));
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let members = json(answer).await;
        let members = members.as_array().unwrap().iter();
        members
            .map(|member| {
                let star = if member["is_leader"] == true { "*" } else { "" };
                format!("{}{star}", member["participant_name"].as_str().unwrap())
            })
            .collect()
    }
}

/// Sends a form as the server's own page does, in the browser of that cookie.
pub async fn form(server: &Server, path: &str, fields: &str, cookie: &str) -> Response {
    let call = server.post(path).body(fields.to_owned());
    let call = call.header("content-type", "application/x-www-form-urlencoded");
    let call = call.header("origin", server.origin());
    call.header("cookie", cookie).send().await.unwrap()
}

/// Asserts that an answer is that problem, and returns it.
pub async fn assert_problem(answer: Response, status: u16, kind: &str) -> Value {
    let (got, of) = (answer.status(), answer.url().path().to_owned());
    let media = answer.headers().get("content-type").cloned();
    let problem = json(answer).await;
    assert_eq!(got, status, "{of}: {problem}");
    assert_eq!(media.unwrap(), "application/problem+json", "{of}");
    assert_eq!(
        (&problem["type"], &problem["status"]),
        (&json!(kind), &json!(status)),
        "{problem}"
    );
    problem
}
