//! Clusters that exchange mail, each with a Redis of its own.

use super::{Gate, Server, Setup, start_redis};
use edge::testing::RedisServer;
use pasetors::keys::{AsymmetricKeyPair, AsymmetricSecretKey, Generate};
use pasetors::paserk::FormatAsPaserk;
use pasetors::version4::{PublicToken, V4};
use redis::FromRedisValue;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A pair of keys, as PASERK texts.
pub struct KeyTexts {
    pub secret: String,
    pub public: String,
}

impl KeyTexts {
    pub fn fresh() -> Self {
        let pair = AsymmetricKeyPair::<V4>::generate().unwrap();
        let (mut secret, mut public) = (String::new(), String::new());
        pair.secret.fmt(&mut secret).unwrap();
        pair.public.fmt(&mut public).unwrap();
        Self { secret, public }
    }
}

/// A cluster of one place. Its servers are reached through a gate, which keeps its address whoever is behind it.
pub struct Cluster {
    pub name: &'static str,
    pub place: &'static str,
    pub redis: RedisServer,
    pub gate: Gate,
    pub keys: KeyTexts,
    folder: TempDir,
}

impl Cluster {
    pub async fn new(name: &'static str, place: &'static str) -> Self {
        Self {
            name,
            place,
            redis: start_redis().await,
            gate: Gate::start().await,
            keys: KeyTexts::fresh(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// As others name it in their list.
    pub fn as_peer(&self) -> String {
        format!(
            "[[peer]]\nname = \"{}\"\nurl = \"{}\"\npublic_key = \"{}\"\nplaces = [\"{}\"]\n",
            self.name,
            self.gate.url(),
            self.keys.public,
            self.place
        )
    }

    /// A server of it that knows those others.
    pub fn setup(&self, others: &[&Cluster]) -> Setup {
        let peers: String = others.iter().map(|other| other.as_peer()).collect();
        self.setup_with(&peers)
    }

    /// A server of it with that list of peers.
    pub fn setup_with(&self, peers: &str) -> Setup {
        let region = format!(
            "[[region]]\ncode = \"{}\"\ncity = \"Somewhere\"\nlat = 1.0\nlng = 1.0\nurl = \"https://x.example\"\n",
            self.place
        );
        Setup::new(self.place, &self.redis)
            .with("REGIONS_FILE", &self.file("regions.toml", &region))
            .with("PEERS_FILE", &self.file("peers.toml", peers))
            .with("CLUSTER_NAME", self.name)
            .with("FEDERATION_KEY", &self.keys.secret)
    }

    /// Starts a server of it, to which the gate leads from then on.
    pub async fn start(&self, others: &[&Cluster]) -> Server {
        let server = self.setup(others).start().await;
        self.gate.lead_to(server.address);
        server
    }

    /// How many entries the mailbox of that address has.
    pub async fn letters(&self, address: &str) -> u64 {
        let key = format!("test:{{mail:{address}}}:1:box");
        self.ask("XLEN", &key).await
    }

    /// How many messages wait for that other cluster.
    pub async fn waiting_for(&self, peer: &str) -> u64 {
        let key = format!("test:{{mail:outbox:{peer}}}:1:messages");
        self.ask("XLEN", &key).await
    }

    /// Which instance sends to that other cluster.
    pub async fn sender_to(&self, peer: &str) -> Option<String> {
        let key = format!("test:{{mail:outbox:{peer}}}:1:lease");
        self.ask("GET", &key).await
    }

    /// What is told of the messages of that address that wait.
    pub async fn reasons(&self, address: &str) -> Vec<String> {
        let key = format!("test:{{mail:{address}}}:1:waiting");
        self.ask("HVALS", &key).await
    }

    /// For how many more seconds it is known that a token of that peer was used.
    pub async fn remembers_token(&self, peer: &str, id: &str) -> u64 {
        let hash = format!("{:x}", Sha256::digest(format!("{peer}:{id}")));
        let key = format!("test:{{mail:token:{hash}}}:1:taken");
        self.ask("TTL", &key).await
    }

    async fn ask<T: FromRedisValue>(&self, command: &str, key: &str) -> T {
        let mut connection = self.redis.connection().await.unwrap();
        let mut command = redis::cmd(command);
        let asked = command.arg(key).query_async(&mut connection);
        asked.await.unwrap()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// Two clusters that know each other: `larks` with `ord`, and `starlings` with `moon`.
pub async fn two_clusters() -> (Cluster, Cluster) {
    tokio::join!(
        Cluster::new("larks", "ord"),
        Cluster::new("starlings", "moon")
    )
}

/// What a good token of `larks` for `starlings` with that body says.
pub fn claims(body: &str) -> Value {
    let digest = Sha256::digest(body.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "iss": "larks", "aud": "starlings", "exp": in_seconds(60),
        "jti": format!("{:032x}", rand::random::<u128>()), "digest": digest,
    })
}

/// A time as tokens tell it.
pub fn in_seconds(seconds: i64) -> String {
    let time = OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
    time.format(&Rfc3339).unwrap()
}

/// A token that says so, signed with that key.
pub fn token(keys: &KeyTexts, claims: &Value) -> String {
    let key = AsymmetricSecretKey::<V4>::try_from(keys.secret.as_str()).unwrap();
    PublicToken::sign(&key, claims.to_string().as_bytes(), None, None).unwrap()
}

/// A call with one message.
pub fn body(to: &str, from: &str, text: &str) -> String {
    let message = json!({
        "id": format!("{:032x}", rand::random::<u128>()), "to": to, "from": from, "message": text,
        "sent_ms": 1_700_000_000_000_u64, "verified": true,
    });
    json!({ "messages": [message] }).to_string()
}

impl Server {
    /// Calls it as another cluster's server does.
    pub async fn federate(&self, token: &str, body: &str) -> reqwest::Response {
        let call = self.post("/api/federation/messages").bearer_auth(token);
        let call = call.header("content-type", "application/json");
        call.body(body.to_owned()).send().await.unwrap()
    }
}
