//! What is written to a session's socket, and by whom.

use crate::support::{Tab, eventually, person, read, ready_engine, session_id, start_redis};
use bytes::{Buf, Bytes};
use edge::{Engine, Session, Sink};
use protocol::Step;
use protocol::live::{ServerFrame, WorldTopic};
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};

/// A browser's end: what came, and how much more it takes.
#[derive(Clone)]
struct Browser(Arc<Mutex<(Vec<u8>, usize)>>);

impl Sink for Browser {
    fn try_write(&self, parts: &[Bytes]) -> io::Result<usize> {
        let (came, room) = &mut *self.0.lock().unwrap();
        let all = parts.concat();
        let taken = all.len().min(*room);
        if taken == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        came.extend_from_slice(&all[..taken]);
        *room -= taken;
        Ok(taken)
    }
}

impl Browser {
    fn open(engine: &Engine, name: &str, room: usize) -> (Self, Session) {
        let browser = Self(Arc::new(Mutex::new((Vec::new(), room))));
        let session = engine.session(&session_id(name), person(name));
        session.write_to(Arc::new(browser.clone()));
        (browser, session)
    }

    /// Takes that much more.
    fn make_room(&self, room: usize) {
        self.0.lock().unwrap().1 = room;
    }

    /// Takes what the session's owner writes.
    fn take(&self, parts: &[Bytes]) {
        self.0.lock().unwrap().0.extend(parts.concat());
    }

    /// The frames that came in whole.
    fn frames(&self) -> Vec<ServerFrame> {
        let came = self.0.lock().unwrap().0.clone();
        let mut rest = &came[..];
        let mut frames = Vec::new();
        while rest.len() >= 4 {
            assert_eq!(rest.get_u8(), 0x81, "a whole frame of text");
            let length = match rest.get_u8() {
                126 => usize::from(rest.get_u16()),
                length => usize::from(length),
            };
            let Some((text, more)) = rest.split_at_checked(length) else {
                break;
            };
            frames.push(read(text));
            rest = more;
        }
        frames
    }

    /// The clicks of each world that came, and -1 for each acknowledgement.
    fn clicks(&self) -> Vec<i64> {
        let clicks = |frame: &ServerFrame| match frame {
            ServerFrame::Ack { .. } => -1,
            ServerFrame::State(frame) => {
                let (_, world) = frame.read::<WorldTopic>().unwrap();
                world.regions.iter().map(|region| region.clicks).sum()
            }
            other => panic!("{other:?}"),
        };
        self.frames().iter().map(clicks).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_is_written_without_the_sessions_owner() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let (ann, mut clicking) = Browser::open(&one, "ann", usize::MAX);
    let (bob, _watching) = Browser::open(&one, "bob", usize::MAX);

    for seq in 1..=3 {
        clicking.click(seq, Step::Up).unwrap();
        for browser in [&ann, &bob] {
            let shown = async || browser.clicks().contains(&(seq as i64));
            eventually("the click", shown).await;
        }
    }

    let heard = ann.clicks();
    for seq in 1..=3 {
        let world = heard.iter().position(|clicks| *clicks == seq).unwrap();
        let acknowledged = heard[..world].iter().filter(|clicks| **clicks == -1);
        assert_eq!(acknowledged.count() as i64, seq, "{heard:?}");
    }
    assert!(bob.clicks().is_sorted(), "{:?}", bob.clicks());
    one.shutdown().await;
}

#[tokio::test]
async fn a_browser_that_takes_little_is_written_to_by_the_owner_and_skips_to_the_newest() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let (slow, session) = Browser::open(&one, "slow", 10);
    let mut quick = Tab::open(&one, "quick");

    std::future::poll_fn(|context| session.poll_backlog(context)).await;
    for clicks in 1..=20 {
        quick.click_up(1);
        quick
            .listen_until("the click", |tab| tab.view().clicks() == clicks)
            .await;
    }
    // The rest of the first frame, and the newest.
    let rest = session.take_backlog();
    assert_eq!(rest.len(), 2, "{rest:?}");
    slow.take(&rest);
    assert_eq!(slow.frames().len(), 2);
    assert_eq!(slow.clicks().last(), Some(&20));

    // With nothing left to write, the browser is written to as before.
    slow.make_room(usize::MAX);
    assert!(session.take_backlog().is_empty());
    quick.click_up(1);
    eventually("the next", async || slow.clicks().last() == Some(&21)).await;
    one.shutdown().await;
}

#[tokio::test]
async fn a_sessions_own_bytes_keep_their_turn_and_end_with_it() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let (browser, mut session) = Browser::open(&one, "ann", usize::MAX);
    let counts_it = |frame: &ServerFrame| match frame {
        ServerFrame::State(frame) => frame.read::<WorldTopic>().unwrap().1.people() == 1,
        _ => false,
    };
    let settled = async || browser.frames().last().is_some_and(counts_it);
    eventually("the world with the session", settled).await;
    let before = browser.frames().len();
    let beat = Bytes::from_static(b"\x81\x0f{\"type\":\"beat\"}");

    browser.make_room(3);
    session.send(beat.clone());
    session.send(beat.clone());
    assert_eq!(browser.frames().len(), before, "3 bytes of the first");
    let rest = session.end();

    browser.take(&rest);
    let frames = browser.frames();
    assert_eq!(frames[before..], [ServerFrame::Beat, ServerFrame::Beat]);
    let mut quick = Tab::open(&one, "quick");
    quick.click_up(1);
    quick.settled().await;
    assert!(session.take_backlog().is_empty(), "it has ended");
    one.shutdown().await;
}
