//! People who write letters, each to the next.

use super::load::{Request, Shared, WRITERS};
use super::promise::{Promise, Violation, exactly_once};
use anyhow::{Context, ensure};
use protocol::Inbox;
use serde_json::json;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::sleep;

/// The pause between two letters, in milliseconds.
const PAUSE_MS: Range<u64> = 100..500;

/// One writer, and the mailbox to which they write.
#[derive(Debug)]
pub struct Writer {
    number: usize,
    /// The `Authorization` of the writer, and of the reader.
    authorization: [String; 2],
    /// The letters that were acknowledged.
    sent: RefCell<Vec<String>>,
}

impl Writer {
    /// Claims everybody's address.
    pub async fn all(shared: &Shared) -> anyhow::Result<Vec<Rc<Self>>> {
        let mut owners = Vec::new();
        for number in 0..WRITERS {
            let body = json!({ "address": address(number) });
            let request = Request::post("/api/addresses", body);
            let claimed = shared.ask(0, &request).await?;
            ensure!(claimed.status == 201, "no address: {}", claimed.body);
            let token = claimed.body["token"].as_str().context("no token")?;
            owners.push(format!("Bearer {token}"));
        }
        let writer = |number: usize| Self {
            number,
            authorization: [number, number + 1].map(|one| owners[one % WRITERS].clone()),
            sent: RefCell::default(),
        };
        Ok((0..WRITERS).map(|number| Rc::new(writer(number))).collect())
    }

    /// Writes until it is dropped, or nobody answers.
    pub async fn run(self: Rc<Self>, shared: Rc<Shared>) -> anyhow::Result<()> {
        loop {
            sleep(Duration::from_millis(rand::random_range(PAUSE_MS))).await;
            let _busy = shared.rest.read().await;
            let text = format!("letter-{:032x}", rand::random::<u128>());
            let (from, to) = (address(self.number), address(self.number + 1));
            let body = json!({ "from": from, "to": to, "message": text });
            let request = Request::post("/api/messages", body)
                .with("Idempotency-Key", &text)
                .with("Authorization", &self.authorization[0]);
            let told = shared.ask(self.number, &request).await?;
            if told.status == 201 {
                shared.done.letters.update(|letters| letters + 1);
                self.sent.borrow_mut().push(text);
            } else {
                let how = format!("a letter was answered with {}: {}", told.status, told.body);
                shared.report([Promise::LetterOnce.broken(how)]);
            }
        }
    }

    /// Reads the mailbox: every letter is there once.
    pub async fn look(&self, shared: &Shared) -> anyhow::Result<Vec<Violation>> {
        let mut there = Vec::new();
        let mut after = String::new();
        loop {
            let address = address(self.number + 1);
            let path = format!("/api/messages?address={address}&limit=200{after}");
            let request = Request::get(path).with("Authorization", &self.authorization[1]);
            let told = shared.ask(0, &request).await?;
            if told.status != 200 {
                let how = format!("no mailbox: {}: {}", told.status, told.body);
                return Ok(vec![Promise::LetterOnce.broken(how)]);
            }
            let inbox: Inbox = serde_json::from_value(told.body).context("no mailbox")?;
            let messages = inbox.messages.into_iter();
            there.extend(messages.map(|one| one.message.into()));
            match inbox.next {
                Some(next) if inbox.more => after = format!("&after={next}"),
                _ => break,
            }
        }
        let violations = exactly_once(Promise::LetterOnce, &self.sent.borrow(), &there);
        // What was lost once is not reported again.
        self.sent.replace(there);
        Ok(violations)
    }
}

/// The address of this writer, of two regions in turn.
fn address(number: usize) -> String {
    let number = number % WRITERS;
    format!("{}-fault{number}", ["ord", "fra"][number % 2])
}
