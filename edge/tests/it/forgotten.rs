//! Persons who are forgotten.

use crate::support::{
    DEADLINE, Truth, all_ready, eventually, link_to, person, ready, ready_engine, session_id,
    start_engine, start_redis,
};
use tokio::time::timeout;

#[tokio::test]
async fn a_forgotten_person_is_so_on_all_instances_and_their_sessions_end() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let (ann, bob) = (person("ann"), person("bob"));
    let here = one.session(&session_id("here"), ann);
    let far = two.session(&session_id("far"), ann);
    let other = two.session(&session_id("other"), bob);

    one.forgotten().add(ann).await.unwrap();

    for session in [&here, &far] {
        timeout(DEADLINE, session.over()).await.unwrap();
    }
    eventually("forgotten there, too", async || {
        two.forgotten().contains(ann)
    })
    .await;
    let late = two.session(&session_id("late"), ann);
    timeout(DEADLINE, late.over()).await.unwrap();
    assert!(!two.forgotten().contains(bob));
    assert!(
        timeout(std::time::Duration::ZERO, other.over())
            .await
            .is_err()
    );
    // One that starts later knows it, too, and adding them again adds nothing.
    let three = ready_engine("syd", &redis.url()).await;
    eventually("known", async || three.forgotten().is_known()).await;
    assert!(three.forgotten().contains(ann));
    three.forgotten().add(ann).await.unwrap();
    let mut truth = Truth::of(&redis).await;
    let stored: u64 = truth.run(&["XLEN", "test:{forgotten}:1:persons"]).await;
    assert_eq!(stored, 1);
    for engine in [one, two, three] {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn who_is_forgotten_while_an_instance_is_cut_off_is_so_there_once_it_is_back() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = ready_engine("fra", &redis.url()).await;
    let two = start_engine("ord", &link.url());
    ready(&two).await;
    eventually("known", async || two.forgotten().is_known()).await;
    let ann = person("ann");
    let session = two.session(&session_id("far"), ann);
    link.cut();

    one.forgotten().add(ann).await.unwrap();
    link.restore();

    timeout(DEADLINE, session.over()).await.unwrap();
    assert!(two.forgotten().contains(ann));
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn who_is_signed_out_begins_anew_and_is_not_forgotten() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    eventually("known", async || two.forgotten().is_known()).await;
    let ann = person("ann");
    let session = two.session(&session_id("far"), ann);

    one.forgotten().end_sessions(ann).await.unwrap();

    timeout(DEADLINE, session.over()).await.unwrap();
    let anew = two.session(&session_id("anew"), ann);
    // What is read again ends nothing again.
    one.forgotten().add(person("bob")).await.unwrap();
    eventually("the next", async || two.forgotten().contains(person("bob"))).await;
    assert!(
        timeout(std::time::Duration::ZERO, anew.over())
            .await
            .is_err()
    );
    assert!(!two.forgotten().contains(ann));
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn who_was_forgotten_stays_so_though_redis_forgets_it() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let [ann, bob, cem] = ["ann", "bob", "cem"].map(person);
    let mut truth = Truth::of(&redis).await;
    one.forgotten().add(ann).await.unwrap();
    two.forgotten().add(bob).await.unwrap();
    for engine in [&one, &two] {
        eventually("both", async || {
            [ann, bob]
                .into_iter()
                .all(|who| engine.forgotten().contains(who))
        })
        .await;
    }

    let _: () = truth.run(&["FLUSHALL"]).await;
    one.forgotten().add(cem).await.unwrap();

    let three = start_engine("syd", &redis.url());
    for who in [ann, bob, cem] {
        eventually("forgotten", async || three.forgotten().contains(who)).await;
    }
    // They have all read it, and each is in it once.
    all_ready(&[&one, &two, &three]).await;
    let stored: u64 = truth.run(&["XLEN", "test:{forgotten}:1:persons"]).await;
    assert_eq!(stored, 3);
    for engine in [one, two, three] {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn a_stream_that_was_lost_is_noticed_though_another_has_its_newest_id() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    all_ready(&[&one]).await;
    let [ann, bob, cem] = ["ann", "bob", "cem"].map(person);
    let mut truth = Truth::of(&redis).await;
    for who in [ann, bob] {
        one.forgotten().add(who).await.unwrap();
        eventually("forgotten", async || one.forgotten().contains(who)).await;
    }
    let stream = "test:{forgotten}:1:persons";
    let entries: Vec<(String, Vec<String>)> = truth.run(&["XRANGE", stream, "-", "+"]).await;
    let [(_, of_ann), (newest, _)] = &entries[..] else {
        panic!("{entries:?}");
    };

    let _: () = truth.run(&["FLUSHALL"]).await;
    let again: Vec<_> = ["XADD", stream, newest]
        .into_iter()
        .chain(of_ann.iter().map(String::as_str))
        .collect();
    let _: String = truth.run(&again).await;
    one.forgotten().add(cem).await.unwrap();

    let two = start_engine("syd", &redis.url());
    for who in [ann, bob, cem] {
        eventually("forgotten", async || two.forgotten().contains(who)).await;
    }
    for engine in [one, two] {
        engine.shutdown().await;
    }
}
