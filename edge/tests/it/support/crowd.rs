//! Many tabs that click all the time.

use super::Tab;
use edge::Engine;
use protocol::Step;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The time between two clicks of one tab.
const CLICK_EVERY: Duration = Duration::from_millis(4);

/// Numbers all tabs of all crowds: a name that comes again would be an old session's.
static NAMES: AtomicU64 = AtomicU64::new(0);

/// Tabs that click until they are told to stop, each in a task of its own.
pub struct Crowd {
    tabs: JoinSet<Tab>,
    homes: Vec<watch::Sender<Engine>>,
    clicks: watch::Sender<u64>,
    stop: CancellationToken,
}

impl Crowd {
    /// So many tabs on each of these instances.
    pub fn gather(engines: &[&Engine], each: usize) -> Self {
        let mut crowd = Self {
            tabs: JoinSet::new(),
            homes: Vec::new(),
            clicks: watch::Sender::new(0),
            stop: CancellationToken::new(),
        };
        for engine in engines.iter().cycle().take(each * engines.len()) {
            let home = watch::Sender::new((*engine).clone());
            let number = NAMES.fetch_add(1, Ordering::Relaxed);
            let tab = Tab::open(engine, &format!("crowd{number}"));
            let work = live(
                tab,
                home.subscribe(),
                crowd.clicks.clone(),
                crowd.stop.clone(),
            );
            crowd.tabs.spawn(work);
            crowd.homes.push(home);
        }
        crowd
    }

    /// Lets every tab that was opened on that instance, or moved there, reconnect to another.
    pub fn move_all(&self, from: &Engine, to: &Engine) {
        for home in &self.homes {
            home.send_if_modified(|engine| {
                let there = engine.instance() == from.instance();
                if there {
                    *engine = to.clone();
                }
                there
            });
        }
    }

    /// Waits until they have clicked so many times more.
    pub async fn click_on(&self, times: u64) {
        let mut clicks = self.clicks.subscribe();
        let goal = *clicks.borrow() + times;
        let wait = clicks.wait_for(|clicks| *clicks >= goal);
        tokio::time::timeout(super::DEADLINE, wait)
            .await
            .expect("the crowd clicks on")
            .unwrap();
    }

    /// Lets them stop clicking, and waits until all their clicks are acknowledged.
    pub async fn settle(self) -> Vec<Tab> {
        self.stop.cancel();
        let mut tabs = self.tabs.join_all().await;
        for tab in &mut tabs {
            tab.settled().await;
        }
        tabs
    }
}

async fn live(
    mut tab: Tab,
    mut home: watch::Receiver<Engine>,
    clicks: watch::Sender<u64>,
    stop: CancellationToken,
) -> Tab {
    let mut ticks = tokio::time::interval(CLICK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Ok(()) = home.changed() => {
                let engine = home.borrow_and_update().clone();
                tab.reconnect(&engine);
            }
            _ = ticks.tick() => {
                // Not all up: a lost or doubled click must not hide behind another.
                let step = if tab.sent() % 5 == 4 { Step::Down } else { Step::Up };
                tab.click(step).unwrap();
                clicks.send_modify(|count| *count += 1);
            }
            () = tab.listen() => {}
        }
    }
    if home.has_changed().unwrap_or(false) {
        let engine = home.borrow().clone();
        tab.reconnect(&engine);
    }
    tab
}
