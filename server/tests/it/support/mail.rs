//! Programs that send and read mail.

use super::{Server, form, json};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

impl Server {
    /// A message, with whatever headers follow.
    pub fn letter(&self, message: &str, to: &str, from: &str) -> RequestBuilder {
        let body = json!({ "message": message, "to": to, "from": from });
        self.post("/api/messages").json(&body)
    }

    /// Sends a message from an address that nobody has claimed, and returns the answer.
    pub async fn mail(&self, message: &str, to: &str, from: &str) -> Response {
        self.letter(message, to, from).send().await.unwrap()
    }

    /// Sends a message from a claimed address. It has to be stored.
    pub async fn mail_as(&self, token: &str, message: &str, to: &str, from: &str) -> Value {
        let letter = self.letter(message, to, from).bearer_auth(token);
        let answer = letter.send().await.unwrap();
        assert_eq!(answer.status(), 201, "{to} from {from}");
        json(answer).await
    }

    pub async fn try_claim(&self, address: &str) -> Response {
        let call = self.post("/api/addresses");
        let call = call.json(&json!({ "address": address }));
        call.send().await.unwrap()
    }

    /// Claims a free address. Returns its token.
    pub async fn claim(&self, address: &str) -> String {
        let answer = self.try_claim(address).await;
        assert_eq!(answer.status(), 201, "{address}");
        json(answer).await["token"].as_str().unwrap().to_owned()
    }

    /// Asks for a mailbox, with whatever follows in the query.
    pub async fn try_inbox(&self, token: &str, address: &str, query: &str) -> Response {
        let path = format!("/api/messages?address={address}{query}");
        self.get(&path).bearer_auth(token).send().await.unwrap()
    }

    /// A page of a mailbox.
    pub async fn inbox_page(&self, token: &str, address: &str, query: &str) -> Value {
        let answer = self.try_inbox(token, address, query).await;
        assert_eq!(answer.status(), 200, "{address}{query}");
        json(answer).await
    }

    /// What the messages in a mailbox say, in order.
    pub async fn inbox(&self, token: &str, address: &str) -> Vec<String> {
        texts(&self.inbox_page(token, address, "&limit=200").await)
    }
}

/// What the messages of a page of a mailbox say.
pub fn texts(page: &Value) -> Vec<String> {
    let messages = page["messages"].as_array().unwrap().iter();
    messages
        .map(|message| message["message"].as_str().unwrap().to_owned())
        .collect()
}

/// A visitor who has taken that name. Returns their cookie.
pub async fn visitor(server: &Server, name: &str) -> String {
    let cookie = server.cookie().await;
    let taken = form(server, "/mail/name", &format!("name={name}"), &cookie).await;
    assert_eq!(taken.status(), 303);
    assert_eq!(taken.headers()["location"], "/mail");
    cookie
}

/// What is written with somebody, in the mailbox of the name that was taken last.
pub async fn letters(server: &Server, cookie: &str, with: &str) -> Vec<String> {
    letters_of(server, cookie, &format!("/mail/{with}/letters")).await
}

/// What is written in the conversation at that path.
pub async fn letters_of(server: &Server, cookie: &str, path: &str) -> Vec<String> {
    let call = server.get(path).header("cookie", cookie);
    let letters = json(call.send().await.unwrap()).await;
    let letters = letters["letters"].as_array().unwrap().iter();
    let text = |letter: &Value| letter["message"]["message"].as_str().unwrap().to_owned();
    letters.map(text).collect()
}
