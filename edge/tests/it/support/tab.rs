//! A browser's tab.

use super::{DEADLINE, person, read_world, session_id};
use edge::{ClickError, Engine, Outgoing, Session};
use protocol::{Step, World};

/// A tab as docs/protocol.md asks browsers to be: it numbers its clicks, sends again what was not
/// acknowledged, and follows the world by frames. It checks what must hold of all it hears.
pub struct Tab {
    name: String,
    session: Session,
    /// Its clicks by number, from 1; `None` where one was refused.
    steps: Vec<Option<Step>>,
    /// The newest acknowledged number.
    acked: u64,
    /// The world as its frames tell, since it last connected.
    view: World,
    /// Frames since it last connected.
    frames: u64,
    /// Whether the revision of every acknowledgement must be new to it: true while nothing fails and
    /// no clicks cancel each other out.
    strict: bool,
}

impl Tab {
    /// Opens a tab of the person of that name.
    pub fn open(engine: &Engine, name: &str) -> Self {
        Self {
            name: name.into(),
            session: engine.session(&session_id(name), person(name)),
            steps: Vec::new(),
            acked: 0,
            view: World::default(),
            frames: 0,
            strict: false,
        }
    }

    /// Lets it insist on acknowledgements before the frames that include their clicks.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Clicks once. The click has a number even where it is refused.
    pub fn click(&mut self, step: Step) -> Result<(), ClickError> {
        let seq = self.steps.len() as u64 + 1;
        let outcome = self.session.click(seq, step);
        self.steps.push(outcome.is_ok().then_some(step));
        outcome
    }

    /// Clicks up so many times.
    pub fn click_up(&mut self, times: usize) {
        for _ in 0..times {
            self.click(Step::Up).unwrap();
        }
    }

    /// Loses its connection, unread acknowledgements with it, and comes back on that instance.
    pub fn reconnect(&mut self, engine: &Engine) {
        self.session = engine.session(&session_id(&self.name), person(&self.name));
        self.view = World::default();
        self.frames = 0;
        self.send_again();
    }

    /// Sends again what was not acknowledged.
    pub fn send_again(&mut self) {
        for seq in self.acked + 1..=self.steps.len() as u64 {
            if let Some(step) = self.steps[seq as usize - 1] {
                self.session.click(seq, step).unwrap();
            }
        }
    }

    /// Sends an acknowledged click again, which no browser does: it may be taken or refused.
    pub fn send_old(&mut self, seq: u64) {
        if let Some(Some(step)) = self.steps[..self.acked as usize].get(seq as usize - 1) {
            let outcome = self.session.click(seq, *step);
            assert!(matches!(outcome, Ok(()) | Err(ClickError::OutOfOrder)));
        }
    }

    /// Waits for the next thing it hears, and takes it in.
    pub async fn listen(&mut self) {
        let outgoing = self.session.next().await;
        self.hear(outgoing);
    }

    /// Listens until every click is acknowledged.
    pub async fn settled(&mut self) {
        let sent = self.newest_kept();
        self.listen_until("every click acknowledged", |tab| tab.acked >= sent)
            .await;
    }

    /// Listens until it is as asked.
    pub async fn listen_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let wait = async {
            while !holds(self) {
                self.listen().await;
            }
        };
        if tokio::time::timeout(DEADLINE, wait).await.is_err() {
            let (sent, acked, view) = (self.steps.len(), self.acked, &self.view);
            panic!(
                "never came: {what}; {} of {sent} acknowledged, view {view:?}",
                acked
            );
        }
    }

    /// The sum of its clicks that were taken.
    pub fn sum(&self) -> i64 {
        self.steps
            .iter()
            .flatten()
            .map(|step| i64::from(*step))
            .sum()
    }

    /// The sum of its acknowledged clicks.
    pub fn sum_acked(&self) -> i64 {
        let acked = &self.steps[..self.acked as usize];
        acked.iter().flatten().map(|step| i64::from(*step)).sum()
    }

    pub fn sent(&self) -> u64 {
        self.steps.len() as u64
    }

    pub fn acked(&self) -> u64 {
        self.acked
    }

    pub fn view(&self) -> &World {
        &self.view
    }

    pub fn frames(&self) -> u64 {
        self.frames
    }

    fn newest_kept(&self) -> u64 {
        let kept = self.steps.iter().rposition(Option::is_some);
        kept.map_or(0, |at| at as u64 + 1)
    }

    fn hear(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Counted(receipt) => {
                assert!(
                    receipt.seq <= self.sent(),
                    "{} of what it never sent",
                    receipt.seq
                );
                let seen = (self.view.epoch, self.view.rev);
                assert!(
                    !self.strict
                        || receipt.seq <= self.acked
                        || (receipt.epoch, receipt.rev) > seen,
                    "the frame {seen:?} came before the acknowledgement {receipt:?}"
                );
                self.acked = self.acked.max(receipt.seq);
            }
            Outgoing::Frame(json) => self.see(read_world(&json)),
        }
    }

    fn see(&mut self, frame: World) {
        assert!(frame.full || self.frames > 0, "the first frame is full");
        assert!(
            (frame.epoch, frame.rev) >= (self.view.epoch, self.view.rev),
            "{frame:?} is older than {:?}",
            self.view
        );
        self.frames += 1;
        self.view.follow(frame);
    }
}
