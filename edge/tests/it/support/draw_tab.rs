//! A tab that shows the draw.

use super::{DEADLINE, person, read, session_id};
use edge::{Engine, Outgoing, Session};
use protocol::live::{ServerFrame, Topic};
use protocol::{DrawNews, DrawTopic, Step};

/// A session, and what its frames told of the draw.
pub struct DrawTab {
    session: Session,
    told: Vec<DrawNews>,
}

impl DrawTab {
    /// Opens a tab of the person of that name that shows the draw.
    pub fn open(engine: &Engine, name: &str) -> Self {
        let tab = Self::open_elsewhere(engine, name);
        tab.session.watch_unchecked(DrawTopic::NAME, "");
        tab
    }

    /// Opens one that shows something else.
    pub fn open_elsewhere(engine: &Engine, name: &str) -> Self {
        Self {
            session: engine.session(&session_id(name), person(name)),
            told: Vec::new(),
        }
    }

    /// Waits for the next thing it hears, and takes it in; whether it was a receipt.
    pub async fn listen(&mut self) -> bool {
        let outgoing = self.session.next().await;
        let Outgoing::Frame(json) = outgoing else {
            return true;
        };
        if let ServerFrame::State(frame) = read(&json)
            && let Some((_, draw)) = frame.read::<DrawTopic>()
        {
            assert!(!String::from_utf8_lossy(&json).contains("minimum"));
            self.told.push(draw);
        }
        false
    }

    /// Waits until it is told of the draw again.
    pub async fn next(&mut self) -> &DrawNews {
        let before = self.told.len();
        self.until("another frame", |told| told.len() > before)
            .await
    }

    /// Listens until what it was told, oldest first, is as asked; the last of it.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&[DrawNews]) -> bool) -> &DrawNews {
        let wait = async {
            while !holds(&self.told) {
                self.listen().await;
            }
        };
        if tokio::time::timeout(DEADLINE, wait).await.is_err() {
            panic!("never came: {what}; it was told {:?}", self.told.last());
        }
        self.told.last().unwrap()
    }

    /// Listens until it is told of that round or a later one.
    pub async fn until_round(&mut self, number: u64) -> &DrawNews {
        self.until(&format!("round {number}"), |told| {
            told.last().is_some_and(|news| news.report.round >= number)
        })
        .await
    }

    /// Takes in all that is there for it by now: a click's receipt comes only then, as nothing counts it before the
    /// session waits. Of a runtime with one thread; once a tab.
    pub async fn listen_till_counted(&mut self) {
        self.session.click(1, Step::Up).unwrap();
        let wait = async { while !self.listen().await {} };
        let counted = tokio::time::timeout(DEADLINE, wait).await;
        counted.expect("the click was never counted");
    }

    /// All that it was told, oldest first.
    pub fn told(&self) -> &[DrawNews] {
        &self.told
    }
}
