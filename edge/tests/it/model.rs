//! Whatever happens in whatever order, a click counts once.

use crate::support::{
    Tab, Truth, all_agree, all_ready, impatient, link_to, start_engine_with, start_redis, until,
};
use edge::Engine;
use edge::testing::{Proxy, RedisServer};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use protocol::Step;
use std::time::Duration;

/// Tabs in each case.
const TABS: usize = 3;

/// What can happen. Numbers choose a tab or an instance.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Click {
        tab: usize,
        up: bool,
    },
    /// Its connection breaks, and what was acknowledged but not read is not known to it.
    Reconnect {
        tab: usize,
        to: usize,
    },
    /// It sends again what was not acknowledged, though nothing broke.
    SendAgain {
        tab: usize,
    },
    /// It sends again a click that may long have been counted.
    SendOld {
        tab: usize,
        at: u64,
    },
    /// It reads what it was sent.
    Listen {
        tab: usize,
    },
    LoseReply {
        link: usize,
    },
    Cut {
        link: usize,
    },
    Restore {
        link: usize,
    },
    /// Every instance loses its subscription and takes a snapshot.
    LoseSubscriptions,
    Pause,
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let (tab, link) = (0..TABS, 0..2usize);
    prop_oneof![
        8 => (tab.clone(), any::<bool>()).prop_map(|(tab, up)| Click { tab, up }),
        3 => (tab.clone(), 0..2usize).prop_map(|(tab, to)| Reconnect { tab, to }),
        1 => tab.clone().prop_map(|tab| SendAgain { tab }),
        1 => (tab.clone(), 1..10u64).prop_map(|(tab, at)| SendOld { tab, at }),
        3 => tab.prop_map(|tab| Listen { tab }),
        1 => link.clone().prop_map(|link| LoseReply { link }),
        1 => link.clone().prop_map(|link| Cut { link }),
        2 => link.prop_map(|link| Restore { link }),
        1 => Just(LoseSubscriptions),
        2 => Just(Pause),
    ]
}

#[test]
fn any_interleaving_of_clicks_reconnects_and_losses_counts_each_click_once() {
    let config = Config {
        cases: 30,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::set());

    TestRunner::new(config)
        .run(&prop::collection::vec(happening(), 10..60), |story| {
            runtime.block_on(stage.play(&story));
            Ok(())
        })
        .unwrap();

    runtime.block_on(stage.clear());
}

/// Two instances over one Redis, a link for each.
struct Stage {
    redis: RedisServer,
    links: [Proxy; 2],
    engines: [Engine; 2],
    plays: std::cell::Cell<u32>,
}

impl Stage {
    async fn set() -> Self {
        let redis = start_redis().await;
        let links = [link_to(&redis), link_to(&redis)];
        let engine = |region, link: &Proxy| start_engine_with(region, &link.url(), impatient());
        let engines = [engine("fra", &links[0]), engine("ord", &links[1])];
        all_ready(&engines.each_ref()).await;
        Self {
            redis,
            links,
            engines,
            plays: 0.into(),
        }
    }

    /// Lets it all happen, then lets everything settle and compares.
    async fn play(&self, story: &[Happening]) {
        let play = self.plays.replace(self.plays.get() + 1);
        let mut truth = Truth::of(&self.redis).await;
        let before = truth.clicks().await;
        let mut tabs: Vec<_> = (0..TABS)
            .map(|tab| Tab::open(&self.engines[tab % 2], &format!("play{play}tab{tab}")))
            .collect();

        for happening in story {
            self.happen(*happening, &mut tabs).await;
        }
        for link in &self.links {
            link.restore();
        }
        for tab in &mut tabs {
            tab.settled().await;
        }

        let expected = before + tabs.iter().map(Tab::sum).sum::<i64>();
        for engine in &self.engines {
            until(engine, "each click once", |world| {
                world.clicks() == expected && world.people() == TABS as u32
            })
            .await;
        }
        assert_eq!(truth.clicks().await, expected);
        all_agree(&self.redis, &self.engines.each_ref()).await;
    }

    async fn happen(&self, happening: Happening, tabs: &mut [Tab]) {
        match happening {
            Happening::Click { tab, up } => {
                let step = if up { Step::Up } else { Step::Down };
                tabs[tab].click(step).unwrap();
            }
            Happening::Reconnect { tab, to } => tabs[tab].reconnect(&self.engines[to]),
            Happening::SendAgain { tab } => tabs[tab].send_again(),
            Happening::SendOld { tab, at } => tabs[tab].send_old(at),
            Happening::Listen { tab } => {
                let heard = tabs[tab].listen();
                let _heard = tokio::time::timeout(Duration::from_millis(3), heard).await;
            }
            Happening::LoseReply { link } => self.links[link].drop_replies(),
            Happening::Cut { link } => self.links[link].cut(),
            Happening::Restore { link } => self.links[link].restore(),
            Happening::LoseSubscriptions => {
                let mut truth = Truth::of(&self.redis).await;
                let _killed: u32 = truth.run(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
            }
            Happening::Pause => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }

    async fn clear(self) {
        for engine in self.engines {
            engine.shutdown().await;
        }
    }
}
