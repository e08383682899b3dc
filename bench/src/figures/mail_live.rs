//! Mail as a person gets it: on the page that is open, and with a full mailbox.

use crate::cluster::{Cluster, Place, Plan};
use crate::http::{self, Client};
use crate::settings::Settings;
use crate::stats::{Latencies, median};
use crate::table::{Table, figure};
use anyhow::{Context, ensure};
use futures::{SinkExt, StreamExt};
use protocol::live::{ClientFrame, VERSION};
use protocol::{MailAddress, SessionId};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long a frame may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Messages of a run, one after the other.
const MESSAGES: usize = 200;
/// A pause between two, longer than frames are apart.
const PAUSE: Duration = Duration::from_millis(60);
/// What a mailbox keeps, and this one has.
const FULL: usize = 10_000;
/// How many write to it.
const WRITERS: usize = 200;
/// Writers that write at once.
const AT_ONCE: usize = 20;

/// A person's socket.
type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// From sending in one region to the frame in the other.
///
/// # Errors
/// Where something does not start, or a frame does not come.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let [ord, fra] = [cluster.instances[0].place, cluster.instances[1].place];
    let owner = Owner::new(fra, "fra", "reader").await?;
    let mut socket = owner.listen().await?;
    let mut client = Client::connect(ord).await?;
    let (mut p50s, mut p99s) = (Vec::new(), Vec::new());
    for run in 0..settings.runs {
        let mut latencies = Latencies::default();
        for number in 0..MESSAGES {
            let text = format!("message {run}-{number}.");
            let begun = Instant::now();
            let body = json!({ "message": text, "to": owner.address, "from": "ord-writer" });
            let heard = hear(&mut socket, &text);
            let (sent, heard) =
                tokio::join!(client.call("POST", "/api/messages", Some(body)), heard);
            let (status, sent) = sent?;
            ensure!(status == 201, "sending is answered {status}: {sent}");
            latencies.push(heard?.duration_since(begun));
            tokio::time::sleep(PAUSE).await;
        }
        p50s.push(latencies.percentile_ms(0.5));
        p99s.push(latencies.percentile_ms(0.99));
    }
    let mut table = Table::new(
        "mail: from the request in one region to the frame in another",
        &["p50 ms", "p99 ms"],
    );
    table.row([figure(median(p50s)), figure(median(p99s))]);
    table.note("One message after the other over REST at ord, and the recipient's socket at fra: the frame that holds it.");
    Ok(table)
}

/// What a full mailbox costs.
///
/// # Errors
/// Where something does not start, or an answer is not what it should be.
pub async fn pages(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let place = cluster.instances[0].place;
    let mut table = Table::new(
        format!("mail: pages and calls with {FULL} messages of {WRITERS} people"),
        &["", "p50 ms", "p99 ms", "KB"],
    );
    let mut owner = Owner::new(place, "ord", "reader").await?;
    let token = owner.token().await?;
    fill(&cluster, &owner.address).await?;
    let bearer = format!("Bearer {token}");
    let list = format!("/api/messages?address={}&limit=50", owner.tokened);
    let looks = [
        (
            "GET /mail",
            "/mail".to_owned(),
            ("Cookie", owner.cookie.clone()),
        ),
        (
            "GET /mail/fra-writer7",
            "/mail/fra-writer7".to_owned(),
            ("Cookie", owner.cookie.clone()),
        ),
        ("GET /api/messages", list, ("Authorization", bearer)),
    ];
    for (name, path, (header, value)) in looks {
        let (mut latencies, mut bytes) = (Latencies::default(), 0);
        for _ in 0..settings.runs * 40 {
            let begun = Instant::now();
            let answer = http::get(place, &path, &[(header, &value)]).await?;
            ensure!(answer.status == 200, "{path} is answered {}", answer.status);
            latencies.push(begun.elapsed());
            bytes = answer.body.len();
        }
        table.row([
            name.to_owned(),
            figure(latencies.percentile_ms(0.5)),
            figure(latencies.percentile_ms(0.99)),
            figure(bytes as f64 / 1000.0),
        ]);
    }
    table.note("One request after the other, each on a connection of its own. The list is the inbox of another address of the same size.");
    Ok(table)
}

/// A person with a cookie and an address.
struct Owner {
    place: Place,
    address: String,
    /// An address of theirs with a token, once there is one.
    tokened: String,
    cookie: String,
}

impl Owner {
    async fn new(place: Place, region: &str, name: &str) -> anyhow::Result<Self> {
        let page = http::get(place, "/mail", &[]).await?;
        let cookie = page.header("set-cookie").context("/mail sets no cookie")?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let mut client = Client::connect(place).await?;
        client.set_header("Cookie", &cookie);
        client.set_header("Origin", &place.origin());
        let (status, _) = client.submit("/mail/name", &format!("name={name}")).await?;
        ensure!(status == 303, "choosing a name is answered {status}");
        let address = format!("{region}-{name}");
        Ok(Self {
            place,
            tokened: String::new(),
            address,
            cookie,
        })
    }

    /// Claims another address with a token, to be filled alike.
    async fn token(&mut self) -> anyhow::Result<String> {
        self.tokened = format!("{}_too", self.address);
        let mut client = Client::connect(self.place).await?;
        let body = json!({ "address": self.tokened });
        let (status, claimed) = client.call("POST", "/api/addresses", Some(body)).await?;
        ensure!(status == 201, "claiming is answered {status}: {claimed}");
        Ok(claimed["token"].as_str().context("no token")?.to_owned())
    }

    /// Opens a socket that shows the mailbox.
    async fn listen(&self) -> anyhow::Result<Socket> {
        let url = format!("ws://{}/live", self.place.address);
        let mut request = url.into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("cookie", self.cookie.parse()?);
        headers.insert("origin", self.place.origin().parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        let hello = ClientFrame::Hello {
            version: VERSION,
            session: SessionId::parse("0123456789abcdef")?,
        };
        let address = MailAddress::parse(&self.address)?;
        for frame in [hello, ClientFrame::Mail { address }] {
            let text = serde_json::to_string(&frame)?;
            socket.send(Message::text(text)).await?;
        }
        hear(&mut socket, "\"type\":\"mail\"").await?;
        Ok(socket)
    }
}

/// Waits for a frame with those words; when it came.
async fn hear(socket: &mut Socket, words: &str) -> anyhow::Result<Instant> {
    let listening = async {
        while let Some(message) = socket.next().await {
            if let Message::Text(text) = message?
                && text.contains(words)
            {
                return Ok(Instant::now());
            }
        }
        anyhow::bail!("the socket ended")
    };
    timeout(PATIENCE, listening)
        .await
        .context("no frame came")?
}

/// Fills the mailbox, and the one like it.
async fn fill(cluster: &Cluster, address: &str) -> anyhow::Result<()> {
    let fill_from = |first: usize| {
        let place = cluster.instances[first % 2].place;
        async move {
            let mut client = Client::connect(place).await?;
            for number in (first..FULL).step_by(AT_ONCE) {
                let from = format!("fra-writer{}", number % WRITERS);
                for to in [address.to_owned(), format!("{address}_too")] {
                    let body = json!({ "message": format!("Message {number}, of some words."), "to": to, "from": from });
                    let (status, sent) = client.call("POST", "/api/messages", Some(body)).await?;
                    ensure!(status == 201, "sending is answered {status}: {sent}");
                }
            }
            Ok(())
        }
    };
    futures::future::try_join_all((0..AT_ONCE).map(fill_from)).await?;
    Ok(())
}
