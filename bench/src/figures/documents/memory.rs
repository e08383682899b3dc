//! What a document takes in Redis.

use super::engines::{Instance, frame, person};
use super::load::Sender;
use super::script::{self, Caller, Line};
use super::stage::Stage;
use crate::cli::Settings;
use crate::table::{Table, count, figure};
use anyhow::{Context, bail};
use edge::{Documents, Session};
use futures::{StreamExt, TryStreamExt, stream};
use protocol::live::{RawJson, ServerFrame};
use protocol::{Create, Document, DocumentCode, NewPoll, Poll, PollChange};

/// Polls, each of a maker of its own.
const POLLS: usize = 10_000;
/// Sessions that vote; each poll gets one vote.
const VOTERS: usize = 100;
/// Polls that are created at the same time.
const AT_ONCE: usize = 64;
const QUESTION: &str = "Where shall we meet on Sunday?";
const OPTIONS: [&str; 3] = ["By the river", "At the market", "Under the clock"];
/// The keys of polls: their values, the marks of sessions, and what each person created.
const DOCUMENTS: [&str; 3] = [
    "bench:{document:poll:*}:1:value",
    "bench:{document:poll:*}:1:mark:*",
    "bench:{documents:poll:*}:1:created",
];
/// By hand there is no list of what a person created.
const BY_HAND: [&str; 2] = [script::PATTERN, "hand:{*}:mark:*"];

/// Bytes for each poll.
struct Bytes {
    /// Once it was created, and once it has a vote too.
    created: f64,
    voted: f64,
    /// Of the keys that match each pattern, as Redis estimates it.
    keys: Vec<f64>,
}

/// A row for polls, and one for hashes.
pub(in crate::figures) async fn memory(_: &Settings) -> anyhow::Result<Table> {
    let (documents, by_hand) = (documents().await?, by_hand().await?);
    let mut table = Table::new(
        format!(
            "documents: bytes of Redis for each of {} polls",
            count(POLLS)
        ),
        "by | created | with a vote | of the script | the poll's key | the key of its voter's mark | the key of its maker's list",
    );
    for (name, bytes) in [("documents", &documents), ("a script by hand", &by_hand)] {
        let ratio = format!("{:.0} %", bytes.voted / by_hand.voted * 100.0);
        let numbers = [figure(bytes.created), figure(bytes.voted), ratio];
        let keys = bytes.keys.iter().copied().map(figure);
        table.row([name.to_owned()].into_iter().chain(numbers).chain(keys));
    }
    table.note(format!(
        "The difference of used_memory. Each poll is of a maker of its own and has one vote, by one of {VOTERS} sessions; its \
         question has {} bytes, its three options {}. By hand it is a hash of texts and counts, without a list of what its maker \
         created. The keys are as MEMORY USAGE estimates them, without what Redis notes of when they expire.",
        QUESTION.len(),
        OPTIONS.map(str::len).iter().sum::<usize>()
    ));
    Ok(table)
}

async fn documents() -> anyhow::Result<Bytes> {
    let stage = Stage::start().await?;
    let instances = Instance::start_all(&stage.redis.url()).await?;
    let instance = instances.first().context("no instance")?;
    let voters: anyhow::Result<Vec<_>> = (0..VOTERS)
        .map(|number| instance.session(POLLS + number))
        .collect();
    let voters = voters?;
    let empty = stage.used_bytes().await?;
    let polls = instance.engine.documents::<Poll>().context("no polls")?;
    let keys = instance.handle.spawn(create(polls)).await??;
    let created = stage.used_bytes().await?;
    for (session, keys) in voters.into_iter().zip(keys.chunks(POLLS / VOTERS)) {
        let voting = instance.handle.spawn(vote(session, keys.to_vec()));
        voting.await??;
    }
    stage.bytes([empty, created], &DOCUMENTS).await
}

async fn create(polls: Documents<Poll>) -> anyhow::Result<Vec<DocumentCode>> {
    let create = async |maker| {
        let new = NewPoll {
            question: QUESTION.into(),
            options: OPTIONS.map(str::to_owned).into(),
        };
        let made = Poll::create(new).map_err(|problem| anyhow::anyhow!(problem.words()))?;
        let (key, _) = polls.create(person(maker), None, made).await?;
        Ok(key)
    };
    let created = stream::iter(0..POLLS).map(create);
    created.buffer_unordered(AT_ONCE).try_collect().await
}

/// Votes in each poll, and waits until all votes are counted.
async fn vote(mut session: Session, keys: Vec<DocumentCode>) -> anyhow::Result<()> {
    let vote = RawJson::of(&PollChange::Vote(0)).context("a change that is no JSON")?;
    for (key, seq) in keys.iter().zip(1..) {
        session.change(Poll::NAME, &key.to_string(), seq, &vote)?;
    }
    let mut counted = 0;
    while counted < keys.len() {
        match frame(&mut session).await? {
            ServerFrame::Own { .. } => counted += 1,
            ServerFrame::RefusedChange { problem, .. } => bail!("refused: {problem:?}"),
            _ => {}
        }
    }
    Ok(())
}

async fn by_hand() -> anyhow::Result<Bytes> {
    let stage = Stage::start().await?;
    let lines = Line::start_all(&stage.redis.url()).await?;
    let line = lines.first().context("no line")?;
    let mut connection = line.connection.clone();
    let empty = stage.used_bytes().await?;
    for number in 0..POLLS {
        let mut create = redis::cmd("HSET");
        create
            .arg(script::key(number))
            .arg("question")
            .arg(QUESTION);
        for (option, text) in OPTIONS.iter().enumerate() {
            create.arg(format!("option:{option}")).arg(text);
            create.arg(format!("votes:{option}")).arg(0);
        }
        create.arg("closed").arg(0);
        create.arg(format!("own:{number:032x}")).arg("maker");
        create.exec_async(&mut connection).await?;
    }
    let created = stage.used_bytes().await?;
    let mut took = Vec::new();
    for voter in 0..VOTERS {
        let mut caller = Caller::new(&line.connection, POLLS + voter);
        for number in (voter..POLLS).step_by(VOTERS) {
            caller.send(number)?;
        }
        while caller.waiting() > 0 {
            caller.hear(&mut took).await?;
        }
    }
    stage.bytes([empty, created], &BY_HAND).await
}

impl Stage {
    /// What polls take by now, where Redis used so much when it was empty and when they were created.
    async fn bytes(&self, [empty, created]: [f64; 2], keys: &[&str]) -> anyhow::Result<Bytes> {
        let voted = self.used_bytes().await?;
        let mut bytes = Vec::new();
        for pattern in keys {
            bytes.push(self.key_bytes(pattern).await? / POLLS as f64);
        }
        Ok(Bytes {
            created: (created - empty) / POLLS as f64,
            voted: (voted - empty) / POLLS as f64,
            keys: bytes,
        })
    }
}
