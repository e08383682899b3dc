//! One socket's part in everything.

use super::topic::{Subscription, Topic};
use super::watch::Watcher;
use crate::counter::{Account, ClickError, Counter, Receipt, Source};
use crate::draw::{Draw, DrawWatcher};
use crate::metrics::Metrics;
use crate::presence::Guard;
use crate::{Mail, Parties};
use bytes::Bytes;
use protocol::{MailAddress, PartyCode, Step};
use std::sync::Arc;
use tokio::sync::watch;

/// What a session is to send to its browser next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// Its clicks up to the receipt's number are counted.
    Counted(Receipt),
    /// A [`protocol::live::ServerFrame::World`], or a `Party`, `Chat`, `Mail` or `Draw` where the session shows one, encoded
    /// as UTF-8 JSON, shared with all sessions that get it.
    Frame(Bytes),
}

/// One open session: counted as present, fed with frames, its clicks taken. Dropping it closes it.
pub struct Session {
    frames: Subscription,
    counter: Counter,
    source: Source,
    /// Made with the first click: most sessions only watch.
    clicks: Option<Clicks>,
    parties: Parties,
    /// Held from the first time that its page shows parties.
    attending: Option<Guard>,
    mail: Mail,
    draw: Draw,
    /// What its page shows beside the world.
    shown: Shown,
    metrics: Metrics,
    present: Guard,
}

/// What all sessions of an instance share.
#[derive(Clone, Copy)]
pub(crate) struct Services<'a> {
    pub(crate) world: &'a Topic,
    pub(crate) counter: &'a Counter,
    pub(crate) parties: &'a Parties,
    pub(crate) mail: &'a Mail,
    pub(crate) draw: &'a Draw,
    pub(crate) metrics: &'a Metrics,
}

/// What a page shows beside the world.
#[derive(Default)]
struct Shown {
    party: Option<Watcher>,
    room: Option<Watcher>,
    mailbox: Option<Watcher>,
    draw: Option<DrawWatcher>,
}

/// A clicking session's account.
struct Clicks {
    account: Arc<Account>,
    receipts: watch::Receiver<Receipt>,
}

impl Session {
    pub(crate) fn new(services: Services<'_>, source: Source, present: Guard) -> Self {
        Self {
            frames: services.world.subscribe(),
            counter: services.counter.clone(),
            source,
            clicks: None,
            parties: services.parties.clone(),
            attending: None,
            mail: services.mail.clone(),
            draw: services.draw.clone(),
            shown: Shown::default(),
            metrics: services.metrics.clone(),
            present,
        }
    }

    /// Takes a click.
    ///
    /// # Errors
    /// [`ClickError`]; the click will not be counted then.
    pub fn click(&mut self, seq: u64, step: Step) -> Result<(), ClickError> {
        let clicks = self.clicks.get_or_insert_with(|| {
            let account = self.counter.account(self.source.clone());
            let receipts = account.receipts();
            Clicks { account, receipts }
        });
        let outcome = self.counter.add(&clicks.account, seq, step);
        if outcome.is_err() {
            self.metrics.clicks_refused.inc();
        }
        outcome
    }

    /// Until the session is dropped its person is online in the party that they are in, now or later.
    ///
    /// Not from the start: most programs are nobody whom a party could know, and Redis is told of each.
    pub fn attend(&mut self) {
        let person = self.present.person();
        self.attending
            .get_or_insert_with(|| self.parties.attend(person));
    }

    /// Shows the party of that code and its room, or none: frames tell of them, at once and at each change. A later
    /// call takes the place of an earlier one. Who shows parties attends, too.
    pub fn party(&mut self, code: Option<PartyCode>) {
        self.attend();
        // The new watcher comes before the old one goes: one that shows the same party goes on with it.
        self.shown.party = code.map(|code| self.parties.watch(code));
        self.shown.room = code.map(|code| self.parties.watch_chat(code));
    }

    /// Shows a mailbox, or none: frames tell of it, at once and at each change. Whose it is, is for the caller to know.
    /// A later call takes the place of an earlier one. Of an address that is not claimed there is nothing to tell.
    pub fn mail(&mut self, address: Option<MailAddress>) {
        self.shown.mailbox = address.map(|address| self.mail.watch(address));
    }

    /// Shows the draw: frames tell of it, at once and at each change.
    pub fn draw(&mut self) {
        self.shown.draw.get_or_insert_with(|| self.draw.watch());
    }

    /// Waits for the next thing to send; receipts before frames that include their clicks. Of the world and
    /// what else is shown none keeps the others waiting. `None` when the last clone of the engine is gone.
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub async fn next(&mut self) -> Option<Outgoing> {
        loop {
            tokio::select! {
                biased;
                receipt = next_receipt(&mut self.clicks) => {
                    // An account that has counted nothing yet has nothing to say.
                    if receipt.seq > 0 {
                        return Some(Outgoing::Counted(receipt));
                    }
                }
                frame = next_frame(&mut self.frames, &mut self.shown) => {
                    self.metrics.frames_delivered.inc();
                    return frame.map(Outgoing::Frame);
                }
            }
        }
    }
}

async fn next_receipt(clicks: &mut Option<Clicks>) -> Receipt {
    if let Some(clicks) = clicks
        && clicks.receipts.changed().await.is_ok()
    {
        return *clicks.receipts.borrow_and_update();
    }
    std::future::pending().await
}

/// The next frame of the world or of what else is shown, by chance where several have one.
async fn next_frame(world: &mut Subscription, shown: &mut Shown) -> Option<Bytes> {
    tokio::select! {
        frame = world.next() => frame,
        frame = next_of(&mut shown.party) => frame,
        frame = next_of(&mut shown.room) => frame,
        frame = next_of(&mut shown.mailbox) => frame,
        frame = next_of_draw(&mut shown.draw) => frame,
    }
}

async fn next_of(watcher: &mut Option<Watcher>) -> Option<Bytes> {
    match watcher {
        Some(watcher) => watcher.next().await,
        None => std::future::pending().await,
    }
}

async fn next_of_draw(watcher: &mut Option<DrawWatcher>) -> Option<Bytes> {
    match watcher {
        Some(watcher) => watcher.next().await,
        None => std::future::pending().await,
    }
}
