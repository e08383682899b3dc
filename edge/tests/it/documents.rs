//! Documents, across instances.

use crate::support::{
    AnyRedis, DEADLINE, config, eventually, metrics, patient, person, read, ready, session_id,
    start_redis,
};
use edge::testing::{DocumentStart, play_document};
use edge::{Documents, Endpoint, Engine, Limits, Outgoing, Session, Sources};
use protocol::live::{RawJson, ServerFrame, StateFrame};
use protocol::{
    Ballot, Create, DocumentCode, DocumentTopic, NewPoll, Poll, PollChange, Problem, Revised,
};
use rand::RngExt;

/// An engine with polls.
pub async fn start(
    region: &str,
    redis: &impl AnyRedis,
    limits: Limits,
) -> (Engine, Documents<Poll>) {
    let config = config(region, Endpoint::Url(redis.url()), limits);
    let sources = Sources::default().with_document::<Poll>();
    let engine = Engine::start_with(config, metrics(), sources).unwrap();
    ready(&engine).await;
    let polls = engine.documents().unwrap();
    (engine, polls)
}

pub fn question() -> (Poll, Ballot) {
    ask_for("When do we fly?")
}

pub fn ask_for(question: &str) -> (Poll, Ballot) {
    let new = NewPoll {
        question: question.into(),
        options: ["Dawn", "Noon", "Dusk"].map(Into::into).into(),
    };
    Poll::create(new).unwrap()
}

pub async fn ask(polls: &Documents<Poll>, maker: &str) -> DocumentCode {
    polls
        .create(person(maker), None, question())
        .await
        .unwrap()
        .0
}

pub fn votes(poll: &Poll) -> Vec<u32> {
    poll.options.iter().map(|option| option.votes).collect()
}

/// Frames of a session, until one is as asked.
pub async fn until<T>(
    session: &mut Session,
    what: &str,
    mut pick: impl FnMut(ServerFrame) -> Option<T>,
) -> T {
    let wait = async {
        loop {
            if let Outgoing::Frame(json) = session.next().await
                && let Some(found) = pick(read(&json))
            {
                return found;
            }
        }
    };
    let found = tokio::time::timeout(DEADLINE, wait).await;
    found.unwrap_or_else(|_| panic!("never came: {what}"))
}

pub fn state(frame: &ServerFrame) -> Option<Option<Revised<Poll>>> {
    match frame {
        ServerFrame::State(frame) => Some(StateFrame::read::<DocumentTopic<Poll>>(frame)?.1),
        _ => None,
    }
}

pub async fn until_votes(session: &mut Session, expected: [u32; 3]) -> u64 {
    until(session, "the votes", |frame| {
        let poll = state(&frame)??;
        (votes(&poll.value) == expected).then_some(poll.rev)
    })
    .await
}

pub fn change(change: PollChange) -> RawJson {
    RawJson::of(&change).unwrap()
}

pub async fn until_own(session: &mut Session, expected: Option<u8>) -> (u64, u64) {
    until(session, "the person's own part", |frame| match frame {
        ServerFrame::Own { rev, seq, own, .. } if own.read::<Ballot>()?.vote == expected => {
            Some((rev, seq))
        }
        _ => None,
    })
    .await
}

pub async fn until_refused(session: &mut Session, number: u64) -> Problem {
    until(session, "a refusal", |frame| match frame {
        ServerFrame::RefusedChange { seq, problem, .. } if seq == number => Some(problem),
        _ => None,
    })
    .await
}

pub async fn a_vote_in_one_region_reaches_all_and_what_is_the_persons_reaches_their_tabs_alone(
    redis: &impl AnyRedis,
) {
    let (fra, polls) = start("fra", redis, patient()).await;
    let (ord, _) = start("ord", redis, patient()).await;
    let code = ask(&polls, "bo").await;
    let mut voter = fra.session(&session_id("one"), person("ann"));
    let mut tab = ord.session(&session_id("two"), person("ann"));
    let mut other = ord.session(&session_id("three"), person("bo"));
    for session in [&mut voter, &mut tab, &mut other] {
        session.watch("poll", code.as_str()).await.unwrap();
        until_votes(session, [0, 0, 0]).await;
    }

    voter
        .change("poll", code.as_str(), 1, &change(PollChange::Vote(2)))
        .unwrap();

    // The answer waits for replicas, and what all see does not: either may be first.
    let (mut answered, mut seen) = (None, None);
    let both = until(&mut voter, "the answer and the votes", |frame| {
        match &frame {
            ServerFrame::Own { rev, seq: 1, .. } => answered = Some(*rev),
            ServerFrame::State(_) => {
                let poll = state(&frame)??;
                if votes(&poll.value) == [0, 0, 1] {
                    seen = Some(poll.rev);
                }
            }
            _ => {}
        }
        answered.zip(seen)
    });
    let (rev, seen) = both.await;
    assert_eq!(rev, seen);
    assert_eq!(until_own(&mut tab, Some(2)).await, (rev, 0));
    assert_eq!(until_votes(&mut other, [0, 0, 1]).await, rev);
    fra.shutdown().await;
    ord.shutdown().await;
}

#[tokio::test]
async fn nobody_else_is_told_what_a_person_chose() {
    let redis = start_redis().await;
    let (fra, polls) = start("fra", &redis, patient()).await;
    let code = ask(&polls, "bo").await;
    let mut ann = fra.session(&session_id("one"), person("ann"));
    let mut bo = fra.session(&session_id("two"), person("bo"));
    bo.watch("poll", code.as_str()).await.unwrap();
    let own = until(&mut bo, "bo's part", |frame| match frame {
        ServerFrame::Own { own, .. } => own.read::<Ballot>(),
        _ => None,
    });
    assert!(own.await.is_maker);
    let of_bo = format!("{:032x}:{code}", u128::from_be_bytes(person("bo").0));
    for key in [of_bo.as_str(), "nonsense"] {
        assert!(ann.watch("poll", key).await.is_err());
    }
    ann.change("poll", code.as_str(), 1, &change(PollChange::Vote(1)))
        .unwrap();

    let mut owns = 0;
    until(&mut bo, "ann's vote", |frame| {
        owns += u32::from(matches!(frame, ServerFrame::Own { .. }));
        let text = serde_json::to_string(&frame).unwrap();
        assert!(!text.contains(&format!("{:032x}", u128::from_be_bytes(person("ann").0))));
        (votes(&state(&frame)??.value) == [0, 1, 0]).then_some(())
    })
    .await;
    assert_eq!(owns, 0);
    fra.shutdown().await;
}

#[tokio::test]
async fn a_change_that_comes_again_counts_once_and_a_refused_one_stays_refused() {
    let redis = start_redis().await;
    let (fra, polls) = start("fra", &redis, patient()).await;
    let (ord, elsewhere) = start("ord", &redis, patient()).await;
    let code = ask(&polls, "bo").await;
    let id = session_id("ann");
    let mut before = fra.session(&id, person("ann"));
    for (seq, vote) in [(1, 0), (2, 9), (3, 1)] {
        before
            .change("poll", code.as_str(), seq, &change(PollChange::Vote(vote)))
            .unwrap();
    }
    assert_eq!(until_refused(&mut before, 2).await.kind, "unknown-option");
    until_own(&mut before, Some(1)).await;

    let mut after = ord.session(&id, person("ann"));
    let vote = change(PollChange::Vote(2));
    for seq in [1, 2, 3, 4] {
        let again = if seq == 4 {
            vote.clone()
        } else {
            change(PollChange::Withdraw)
        };
        after.change("poll", code.as_str(), seq, &again).unwrap();
    }

    assert_eq!(until_refused(&mut after, 2).await.kind, "change-refused");
    assert_eq!(until_own(&mut after, Some(2)).await.1, 4);
    let seen = elsewhere
        .read(&code, Some(person("ann")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (votes(&seen.value), seen.own.vote),
        (vec![0, 0, 1], Some(2))
    );
    fra.shutdown().await;
    ord.shutdown().await;
}

#[tokio::test]
async fn a_document_expires_when_nobody_changes_it() {
    let redis = start_redis().await;
    let limits = Limits {
        document_ttl: std::time::Duration::from_millis(500),
        ..patient()
    };
    let (fra, polls) = start("fra", &redis, limits).await;
    let code = ask(&polls, "bo").await;

    eventually("the end of an idle poll", async || {
        polls.read(&code, None).await.unwrap().is_none()
    })
    .await;
    fra.shutdown().await;
}

#[test]
fn whatever_happens_in_whatever_order_a_change_counts_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for seed in 0..10 {
        let (value, own) = question();
        let key = DocumentCode::from(u128::from(seed));
        let story = play_document(
            DocumentStart { key, value, own },
            seed,
            |random| match random.random_range(0..100) {
                0..80 => PollChange::Vote(random.random_range(0..4)),
                80..99 => PollChange::Withdraw,
                _ => PollChange::Close,
            },
        );
        runtime.block_on(story);
    }
}
