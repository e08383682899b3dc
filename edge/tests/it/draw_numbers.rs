//! Numbers of players that visitors take, and what those are told of theirs.

use crate::support::{
    DrawTruth, draw_on_call, draw_pair, eventually, shutdown_both, start_engine_with, start_redis,
    until_round,
};
use edge::{Draw, DrawError, GiveError};

/// Takes so many numbers.
async fn take(draw: &Draw, count: usize) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        numbers.push(draw.give_number().await.unwrap());
    }
    numbers
}

#[tokio::test]
async fn each_number_is_given_once_by_two_instances() {
    let redis = start_redis().await;
    let ([ord, fra], _) = draw_pair(&redis).await;

    let (mut numbers, others) = tokio::join!(take(ord.draw(), 100), take(fra.draw(), 100));

    numbers.extend(others);
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=200).collect::<Vec<_>>());
    shutdown_both([ord, fra]).await;
}

#[tokio::test]
async fn once_all_are_given_numbers_begin_again() {
    let redis = start_redis().await;
    let engine = start_engine_with("ord", &redis.url(), draw_on_call(3));
    until_round(&engine, 0).await;

    let numbers = take(engine.draw(), 7).await;

    assert_eq!(numbers, [1, 2, 3, 1, 2, 3, 1]);
    engine.shutdown().await;
}

#[tokio::test]
async fn who_could_be_drawn_is_above_the_minimum_that_redis_holds() {
    let redis = start_redis().await;
    let ([ord, fra], truth) = draw_pair(&redis).await;
    let (mut can, mut cannot) = (0, 0);

    for number in 1..=4 {
        truth.make_due().await;
        for engine in [&ord, &fra] {
            until_round(engine, number).await;
        }
        let running = truth.running().await.unwrap();
        let points = truth.points(running.number, &running.fence).await;
        for engine in [&ord, &fra] {
            for (id, points) in (1..).zip(&points) {
                let own = engine.draw().own_player(id).unwrap();

                let expected = *points > running.minimum;
                assert_eq!((own.points, own.round), (*points, running.number));
                assert_eq!(own.could_be_drawn, Some(expected), "{own:?}");
                *(if expected { &mut can } else { &mut cannot }) += 1;
                let other = engine.draw().player(id).unwrap();
                assert_eq!(other.could_be_drawn, None);
            }
            let shown = engine.draw().ask().unwrap().two.users;
            for player in shown {
                let own = engine.draw().own_player(player.id.into()).unwrap();
                assert_eq!(own.could_be_drawn, Some(true));
            }
        }
    }

    assert!(can > 0 && cannot > 0, "{can} {cannot}");
    let beyond = ord.draw().own_player(1_001);
    assert_eq!(beyond, Err(DrawError::UnknownPlayer(1_000)));
    shutdown_both([ord, fra]).await;
}

#[tokio::test]
async fn before_the_first_round_of_points_nobody_could_be_drawn() {
    let redis = start_redis().await;
    let ([ord, fra], _) = draw_pair(&redis).await;

    for id in [1, 1_000] {
        let own = ord.draw().own_player(id).unwrap();
        assert_eq!((own.points, own.could_be_drawn), (0, Some(false)));
    }
    shutdown_both([ord, fra]).await;
}

#[tokio::test]
async fn numbers_go_on_where_redis_has_lost_how_many_were_given() {
    let redis = start_redis().await;
    let ([ord, fra], truth) = draw_pair(&redis).await;
    assert_eq!(take(ord.draw(), 5).await, [1, 2, 3, 4, 5]);

    let _: String = truth.run(&["FLUSHALL"]).await;

    // The instance that gave the last one tells it with its next beat.
    let fence = DrawTruth::key("fence");
    eventually("the count of given numbers", async || {
        let given: Option<u64> = truth.run(&["HGET", &fence, "given"]).await;
        given == Some(5)
    })
    .await;
    assert_eq!(take(fra.draw(), 1).await, [6]);
    shutdown_both([ord, fra]).await;
}

#[tokio::test]
async fn without_redis_no_number_is_given() {
    let mut redis = start_redis().await;
    let engine = start_engine_with("ord", &redis.url(), draw_on_call(3));
    until_round(&engine, 0).await;
    redis.kill().unwrap();

    let refused = engine.draw().give_number().await;

    assert!(matches!(refused, Err(GiveError::Link(_))), "{refused:?}");
    let own = engine.draw().own_player(2).unwrap();
    assert_eq!((own.id, own.could_be_drawn), (2, Some(false)));
    engine.shutdown().await;
}
