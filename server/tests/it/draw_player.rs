//! Visitors who are players, over REST: their number, the cookie that keeps it, and what they are told.

use crate::support::{
    DrawPage, Held, Server, Setup, assert_problem, call_player as call, code, eventually, form,
    join_draw as join, json, kept_player as kept, page_of_player as page, set_player as set,
    settled, start_redis,
};

#[tokio::test]
async fn a_number_is_kept_and_known_in_every_region() {
    let redis = start_redis().await;
    let ord = settled(&Setup::new("ord", &redis), &redis).await;
    let fra = Server::start("fra", &redis).await;
    let held = Held::in_redis(&redis).await;
    fra.draw_until("the round", |draw| draw.round == held.number)
        .await;

    let (first, cookie) = join(&ord).await;
    let (second, _) = join(&fra).await;
    let again = call(&fra, "POST", &cookie).await;

    assert_eq!((&first["id"], &second["id"]), (&1.into(), &2.into()));
    assert_eq!(again.status(), 200);
    assert_eq!(json(again).await, first);
    for server in [&ord, &fra] {
        let shown = call(server, "GET", &cookie).await;
        assert_eq!(shown.headers()["cache-control"], "no-store");
        assert!(!shown.headers().contains_key("access-control-allow-origin"));
        assert_eq!(json(shown).await, first);
    }
    let points = held.points[0];
    assert_eq!(ord.player(1).await, (points.into(), held.number));
    assert_eq!(first["points"], points);
    assert_eq!(first["round"], held.number);
    assert_eq!(first["could_be_drawn"], points > held.minimum);
    let other = json(ord.try_player(1).await).await;
    assert_eq!(other.get("could_be_drawn"), None);
}

#[tokio::test]
async fn the_cookie_is_for_our_pages_alone() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis);
    let server = setup
        .with("PUBLIC_URL", "https://murmuration.example")
        .with("COOKIE_DOMAIN", "murmuration.example")
        .start()
        .await;
    eventually("the key of the cookies", async || {
        call(&server, "POST", "").await.status() == 200
    })
    .await;

    let joined = call(&server, "POST", "").await;
    let left = call(&server, "DELETE", &kept(&joined)).await;

    let [set_of_join] = &set(&joined)[..] else {
        panic!("{:?}", set(&joined));
    };
    for attribute in [
        "HttpOnly",
        "Secure",
        "SameSite=Lax",
        "Path=/",
        "Max-Age=34560000",
        "Domain=murmuration.example",
    ] {
        assert!(set_of_join.contains(attribute), "{set_of_join}");
    }
    assert_eq!(left.status(), 204);
    let removed = set(&left);
    assert_eq!(removed.len(), 2, "{removed:?}");
    assert!(removed.iter().all(|set| set.contains("Max-Age=0")));
    assert!(removed[1].ends_with("Domain=murmuration.example"));
}

#[tokio::test]
async fn nobody_claims_another_players_number() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let (_, cookie) = join(&server).await;
    let (value, visitor) = (
        cookie.strip_prefix("player=").unwrap(),
        server.cookie().await,
    );

    for forged in [
        String::new(),
        "player=1".into(),
        "player=player%201".into(),
        cookie.replace("%201", "%202"),
        format!("{cookie}0"),
        format!("player={}", &value[1..]),
        visitor.replace("person=", "player="),
        cookie.replace("player=", "person="),
    ] {
        let refused = call(&server, "GET", &forged).await;
        assert_problem(refused, 404, "no-number").await;
        assert_eq!(page(&server, &forged).await.state.own, None, "{forged}");
    }
    assert_eq!(call(&server, "GET", &cookie).await.status(), 200);
}

#[tokio::test]
async fn a_network_takes_so_many_numbers_and_no_more() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    server.knows_its_key().await;
    let (_, known) = join(&server).await;

    let mut refused = None;
    for _ in 0..100 {
        let answer = call(&server, "POST", "").await;
        if answer.status() != 200 {
            refused = Some(answer);
            break;
        }
    }

    let refused = refused.expect("never refused");
    assert!(refused.headers().contains_key("retry-after"));
    assert_problem(refused, 429, "too-many-players").await;
    // Who has one takes none.
    assert_eq!(call(&server, "POST", &known).await.status(), 200);
}

#[tokio::test]
async fn in_a_round_of_fewer_players_a_number_is_none() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("DRAW_PLAYERS", "3");
    let server = settled(&setup, &redis).await;
    join(&server).await;
    join(&server).await;
    let (third, cookie) = join(&server).await;
    assert_eq!(third["id"], 3);
    drop(server);

    let setup = setup.with("DRAW_PLAYERS", "2").in_a_hurry();
    let server = setup.start().await;
    server
        .draw_until("fewer players", |draw| draw.players == 2)
        .await;

    let gone = call(&server, "GET", &cookie).await;
    assert_eq!(
        (gone.status().as_u16(), code(gone).await.as_str()),
        (404, "number-beyond")
    );
    let shown = page(&server, &cookie).await;
    assert_eq!(shown.status, 200);
    assert!(
        shown.text.contains("Your number is not in this round"),
        "{}",
        shown.text
    );
    assert!(shown.text.contains("Become a player"), "{}", shown.text);
    let other = json(call(&server, "POST", &cookie).await).await;
    assert!(other["id"].as_u64().unwrap() <= 2, "{other}");
}

#[tokio::test]
async fn without_redis_who_has_a_number_keeps_it_and_others_are_told() {
    let mut redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let visitor = server.cookie().await;
    let (own, cookie) = join(&server).await;
    redis.kill().unwrap();

    let refused = call(&server, "POST", "").await;
    let shown = form(&server, "/draw/player", "", &visitor).await;

    assert_problem(refused, 503, "redis-away").await;
    assert_eq!((shown.status().as_u16(), set(&shown)), (503, vec![]));
    let shown = DrawPage::of(shown).await;
    assert!(
        shown.text.contains("cannot reach their storage"),
        "{}",
        shown.text
    );
    for method in ["GET", "POST"] {
        let known = call(&server, method, &cookie).await;
        assert_eq!(json(known).await["id"], own["id"]);
    }
    server.draw_until("an age", |draw| draw.age_ms > 0).await;
    let aged = call(&server, "GET", &cookie).await;
    assert!(aged.headers().contains_key("age"));
}
