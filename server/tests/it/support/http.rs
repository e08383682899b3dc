//! Visitors that speak HTTP.

use super::{DEADLINE, Server};
use protocol::{PageState, Region};
use reqwest::{Client, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client that follows nothing, remembers nothing, and unpacks what comes compressed.
pub fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(DEADLINE)
        .build()
        .unwrap()
}

/// The world as `GET /api/world` tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub rev: u64,
    pub clicks: i64,
    pub people: u32,
    pub connections: u32,
    pub age_ms: u64,
    pub regions: Vec<Region>,
}

impl Report {
    /// Live instances everywhere.
    pub fn instances(&self) -> u32 {
        self.regions.iter().map(|region| region.instances).sum()
    }

    /// A region's numbers.
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions
            .iter()
            .find(|region| region.code.as_str() == code)
    }
}

/// The `type` of a problem.
pub async fn code(answer: Response) -> String {
    json(answer).await["type"].as_str().unwrap().to_owned()
}

/// An answer's body.
pub async fn json(answer: Response) -> Value {
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Sends these very bytes on a connection of their own, and returns all that comes back until it ends.
pub async fn raw(server: &Server, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // The server may answer and close before it has read everything.
    let _sent = stream.write_all(request).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut answer));
    let _end = read.await.expect("the connection stays open");
    String::from_utf8_lossy(&answer).into_owned()
}

impl Server {
    pub fn get(&self, path: &str) -> RequestBuilder {
        client().get(self.url(path))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        client().post(self.url(path))
    }

    /// A call with another method.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        client().request(method.parse().unwrap(), self.url(path))
    }

    /// A click as a program sends it, with that idempotency key.
    pub fn click(&self, key: &str) -> RequestBuilder {
        let click = self.post("/api/clicks").header("idempotency-key", key);
        click.json(&serde_json::json!({ "by": 1 }))
    }

    /// A click as the form of a page without JavaScript sends it.
    pub fn submit(&self, name: &str, value: &str) -> RequestBuilder {
        let value: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let form = self.post("/clicks").body(format!("{name}={value}"));
        form.header("content-type", "application/x-www-form-urlencoded")
    }

    pub async fn report(&self) -> Report {
        let answer = self.get("/api/world").send().await.unwrap();
        serde_json::from_value(json(answer).await).unwrap()
    }

    /// Waits until the world is as asked.
    pub async fn until(&self, what: &str, holds: impl Fn(&Report) -> bool) -> Report {
        self.until_within(DEADLINE, what, holds).await
    }

    /// Waits until the world is as asked, for so long at most.
    pub async fn until_within(
        &self,
        limit: Duration,
        what: &str,
        holds: impl Fn(&Report) -> bool,
    ) -> Report {
        let start = tokio::time::Instant::now();
        loop {
            let report = self.report().await;
            if holds(&report) {
                return report;
            }
            assert!(start.elapsed() < limit, "never came: {what}; {report:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the page hands over to the browser.
    pub async fn page_state(&self) -> PageState {
        let page = self.get("/").send().await.unwrap().text().await.unwrap();
        let mut state = handed_over(&page);
        assert_eq!(state["page"], "world");
        serde_json::from_value(state["state"].take()).unwrap()
    }

    /// A fresh visitor's cookie, as a browser sends it back.
    pub async fn cookie(&self) -> String {
        let answer = self.get("/").send().await.unwrap();
        let set = answer.headers()["set-cookie"].to_str().unwrap();
        set.split(';').next().unwrap().to_owned()
    }
}

/// What a page hands over to the browser.
pub fn handed_over(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"page-state\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}
