//! The load: people who keep changes outstanding, or make them at random moments.

use rand::RngExt;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

/// Somebody who adds one to tallies, however that is done.
pub(super) trait Sender: Send + 'static {
    /// Adds one to the tally of that number.
    fn send(&mut self, document: usize) -> anyhow::Result<()>;

    /// Waits for the next answer, and adds how long each of the changes took that it acknowledges. Safe to cancel.
    fn hear(&mut self, took: &mut Vec<Duration>)
    -> impl Future<Output = anyhow::Result<()>> + Send;

    /// How many changes are not acknowledged.
    fn waiting(&self) -> usize;
}

/// How many documents there are, and how many changes each session keeps outstanding.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub(super) documents: usize,
    pub(super) outstanding: usize,
}

/// People at some instances, who are run where their instance is.
pub(super) struct Crowd<S>(pub(super) Vec<(Handle, Vec<S>)>);

impl<S: Sender> Crowd<S> {
    /// Has all of them keep changes outstanding until the time is over; how long each change took.
    pub(super) async fn press(
        &mut self,
        load: Load,
        window: Duration,
    ) -> anyhow::Result<Vec<Duration>> {
        let until = Instant::now() + window;
        let mut pressing = Vec::new();
        for (at, (lane, senders)) in self.0.iter_mut().enumerate() {
            for sender in senders.drain(..) {
                pressing.push((at, lane.spawn(press(sender, load, until))));
            }
        }
        let mut all = Vec::new();
        for (at, pressing) in pressing {
            let (sender, took) = pressing.await??;
            all.extend(took);
            self.0[at].1.push(sender);
        }
        Ok(all)
    }
}

/// Keeps changes of random documents outstanding until then, and waits until all are acknowledged.
async fn press<S: Sender>(
    mut sender: S,
    load: Load,
    until: Instant,
) -> anyhow::Result<(S, Vec<Duration>)> {
    let mut took = Vec::new();
    loop {
        while sender.waiting() < load.outstanding && Instant::now() < until {
            sender.send(rand::rng().random_range(0..load.documents))?;
        }
        if sender.waiting() == 0 {
            return Ok((sender, took));
        }
        sender.hear(&mut took).await?;
    }
}

/// Makes so many changes of the first document at random moments, `pause` apart on average; when each was sent.
pub(super) async fn stroll<S: Sender>(
    mut sender: S,
    count: usize,
    pause: Duration,
) -> anyhow::Result<(S, Vec<Instant>)> {
    let (mut sent, mut took) = (Vec::new(), Vec::new());
    let mut next = Instant::now();
    while sent.len() < count || sender.waiting() > 0 {
        tokio::select! {
            () = sleep_until(next), if sent.len() < count => {
                sent.push(Instant::now());
                sender.send(0)?;
                let share: f64 = rand::rng().random_range(0.0..1.0);
                next += pause.mul_f64(-(1.0 - share).ln());
            }
            heard = sender.hear(&mut took), if sender.waiting() > 0 => heard?,
        }
    }
    Ok((sender, sent))
}
