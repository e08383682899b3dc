//! Mail as a recipient sees it: on an open page, and in a full mailbox.

use super::stored::{claim, send};
use crate::cli::Settings;
use crate::cluster::{Cluster, Plan, origin};
use crate::http::{Client, get, repeat, spread};
use crate::live::{Socket, connect, frames};
use crate::stats::{Latencies, medians};
use crate::table::{Table, count, figure};
use anyhow::{Context, bail};
use futures::{SinkExt, StreamExt};
use hyper::header::SET_COOKIE;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

/// How long a frame may take.
const FRAME_TIMEOUT: Duration = Duration::from_secs(10);
/// Messages of a run, one after the other.
const MESSAGES: usize = 200;
/// The pause between two messages, longer than that between two frames.
const PAUSE: Duration = Duration::from_millis(60);
/// Messages in a full mailbox.
const FULL: usize = 10_000;
/// People who wrote them.
const WRITERS: usize = 200;
/// Connections that fill the mailbox.
const AT_ONCE: usize = 20;

/// From the request in one region to the frame in the other.
pub(in crate::figures) async fn latency(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let owner = Owner::new(cluster.servers[1].address, "fra-reader").await?;
    let mut socket = owner.open_mailbox().await?;
    let mut client = Client::connect(cluster.servers[0].address).await?;
    let mut runs = Vec::new();
    for run in 0..settings.runs {
        let mut latencies = Latencies::new()?;
        for number in 0..MESSAGES {
            let text = format!("message {run}-{number}.");
            let begun = Instant::now();
            let addresses = ("ord-writer", owner.address);
            let sending = send(&mut client, addresses, &text, "delivered");
            let (arrived, ()) = tokio::try_join!(arrival(&mut socket, &text), sending)?;
            latencies.record(arrived.duration_since(begun));
            sleep(PAUSE).await;
        }
        runs.push(latencies.p50_p99_ms());
    }
    let mut table = Table::new(
        "mail: from the request in one region to the frame in another",
        "p50 ms | p99 ms",
    );
    table.row(medians(&runs, |&run| run).map(figure));
    table.note("Messages are sent one after the other over REST to ord; the recipient's socket is connected to fra.");
    Ok(table)
}

/// Pages and calls with a full mailbox.
pub(in crate::figures) async fn pages(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let server = cluster.servers[0].address;
    // A person's mailbox for the pages, a program's for the call.
    let owner = Owner::new(server, "ord-reader").await?;
    let program = "ord-program";
    let authorization = claim(&mut Client::connect(server).await?, program).await?;
    fill(&cluster, [owner.address, program]).await?;
    let (cookie, bearer) = (("Cookie", owner.cookie), ("Authorization", authorization));
    let list = format!("/api/messages?address={program}&limit=50");
    let requests = [
        ("GET /mail", "/mail", &cookie),
        ("GET /mail/fra-writer7", "/mail/fra-writer7", &cookie),
        ("GET /api/messages", &list, &bearer),
    ];
    let mut table = Table::new(
        format!(
            "mail: pages and calls with {} messages of {WRITERS} people",
            count(FULL)
        ),
        " | p50 ms | p99 ms | KB",
    );
    for (name, path, (header, value)) in requests {
        let mut client = Client::connect_with(server, &[(header, value)]).await?;
        let bytes = client.get(path).await?.body().len();
        let request = async |client: &mut Client| client.get(path).await.map(drop);
        let latencies = repeat(&mut [client], settings.window, &request).await?;
        let [p50_ms, p99_ms] = latencies.p50_p99_ms();
        let numbers = [p50_ms, p99_ms, bytes as f64 / 1000.0].map(figure);
        table.row([name.to_owned()].into_iter().chain(numbers));
    }
    table.note("One request after the other on one connection. The call lists another mailbox with the same messages.");
    Ok(table)
}

/// A person with a cookie and an address.
struct Owner {
    server: SocketAddr,
    address: &'static str,
    cookie: String,
}

impl Owner {
    /// Visits the mail page and chooses the name of the address.
    async fn new(server: SocketAddr, address: &'static str) -> anyhow::Result<Self> {
        let page = get(server, "/mail", &[]).await?;
        let cookie = page.headers().get(SET_COOKIE).context("no cookie")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
        let headers = [("Cookie", cookie), ("Origin", &origin(server))];
        let mut client = Client::connect_with(server, &headers).await?;
        let (_, name) = address.split_once('-').context("an address has a name")?;
        client.submit("/mail/name", format!("name={name}")).await?;
        Ok(Self {
            server,
            address,
            cookie: cookie.to_owned(),
        })
    }

    /// Opens a socket that watches the mailbox.
    async fn open_mailbox(&self) -> anyhow::Result<Socket> {
        let mut socket = connect(self.server, Some(&self.cookie)).await?;
        socket.send(frames::hello()?).await?;
        socket.send(frames::watch_mailbox(self.address)?).await?;
        arrival(&mut socket, frames::MAILBOX).await?;
        Ok(socket)
    }
}

/// Waits for a frame that contains this text; returns when it arrived.
async fn arrival(socket: &mut Socket, text: &str) -> anyhow::Result<Instant> {
    let listening = async {
        while let Some(message) = socket.next().await {
            if let Message::Text(frame) = message?
                && frame.contains(text)
            {
                return Ok(Instant::now());
            }
        }
        bail!("the server closed the socket")
    };
    timeout(FRAME_TIMEOUT, listening)
        .await
        .context("no frame arrived")?
}

/// Fills both mailboxes with the same messages.
async fn fill(cluster: &Cluster, mailboxes: [&str; 2]) -> anyhow::Result<()> {
    let write = async |client: &mut Client, number: usize| {
        let from = format!("fra-writer{}", number % WRITERS);
        let text = format!("Message {number}, of some words.");
        for to in mailboxes {
            send(client, (&from, to), &text, "delivered").await?;
        }
        Ok(())
    };
    spread(&cluster.addresses(), AT_ONCE, 0..FULL, write).await
}
