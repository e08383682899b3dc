//! Calls a peer.

use super::answer::{self, Fault};
use super::key::SigningKey;
use super::token;
use anyhow::Context;
use edge::peer::{Peer, Peers};
use edge::{OutboxEntry, OutboxOutcome};
use protocol::Federated;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use serde::Serialize;
use std::time::Duration;

/// Time limit for connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time limit for a whole call.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// The hint where the system has no certificates.
const NO_CERTIFICATES: &str = "the servers of other clusters cannot be told from others: install the system's certificates \
     (ca-certificates), or set SSL_CERT_FILE";

/// A call's body.
#[derive(Serialize)]
struct Batch<'a> {
    messages: Vec<&'a Federated>,
}

/// Calls one peer.
pub(crate) struct Caller {
    client: Client,
    own_name: String,
    peer: Peer,
}

impl Caller {
    /// A caller for each peer.
    ///
    /// # Errors
    /// If the system's root certificates cannot be read.
    pub(crate) fn of_peers(own_name: &str, peers: &Peers) -> anyhow::Result<Vec<Self>> {
        let of = |peer: &Peer| {
            let caller = Self::new(own_name.to_owned(), peer.clone());
            caller.context(NO_CERTIFICATES)
        };
        peers.all().iter().map(of).collect()
    }

    /// The name of the peer it calls.
    pub(super) fn peer(&self) -> &str {
        &self.peer.name
    }

    fn new(own_name: String, peer: Peer) -> Result<Self, reqwest::Error> {
        let is_plain = peer.url.starts_with("http:");
        let builder = match is_plain {
            // Plain HTTP works on systems without certificates.
            true => Client::builder().tls_certs_only([]),
            false => Client::builder(),
        };
        let client = builder
            .user_agent(concat!("murmuration/", env!("CARGO_PKG_VERSION")))
            // Mail goes only where the list of peers says: no redirects, no proxies.
            .redirect(Policy::none())
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .build()?;
        Ok(Self {
            client,
            own_name,
            peer,
        })
    }

    /// The body with all these messages. They stay together, because sending only some would reorder them.
    pub(super) fn body(entries: &[OutboxEntry]) -> Result<Vec<u8>, serde_json::Error> {
        let messages = entries.iter().map(|entry| &entry.message).collect();
        serde_json::to_vec(&Batch { messages })
    }

    /// Sends a body. Returns the outcome of each message.
    pub(super) async fn call(
        &self,
        key: &SigningKey,
        entries: &[OutboxEntry],
        body: Vec<u8>,
    ) -> Result<Vec<OutboxOutcome>, Fault> {
        let peer = &self.peer.name;
        let token = token::issue(key, &self.own_name, peer, &body).ok_or_else(|| {
            let reason = format!("Mail to the cluster {peer} cannot be signed.");
            Fault::new(reason, "the key signs nothing")
        })?;
        let base = self.peer.url.trim_end_matches('/');
        let call = self.client.post(format!("{base}/api/federation/messages"));
        let call = call
            .bearer_auth(token)
            .header(CONTENT_TYPE, "application/json");
        let answer = call.body(body).send().await;
        let answer = answer.map_err(|error| answer::unreachable(peer, &error))?;
        answer::read(peer, entries, answer).await
    }
}
