//! Visitors who are players, by the page's forms.

use crate::support::{
    DrawPage, Server, Setup, assert_problem, form, join_draw as join, kept_player as kept,
    page_of_player as page, set_player as set, settled, start_redis,
};

#[tokio::test]
async fn forms_make_a_player_and_end_it() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let visitor = server.cookie().await;
    let before = page(&server, &visitor).await;
    assert!(before.html.contains("action=\"/draw/player\""));
    assert!(before.text.contains("Become a player"));

    let joined = form(&server, "/draw/player", "", &visitor).await;
    assert_eq!(joined.status(), 303);
    assert_eq!(joined.headers()["location"], "/draw#own");
    let cookie = format!("{visitor}; {}", kept(&joined));
    let shown = page(&server, &cookie).await;

    let own = shown.state.own.unwrap().found.unwrap();
    let (points, round) = server.player(1).await;
    assert_eq!(
        (own.id, u64::from(own.points), own.round),
        (1, points, round)
    );
    let words = match own.could_be_drawn.unwrap() {
        true => "you could be drawn",
        false => "you can’t be drawn",
    };
    assert!(shown.text.contains("You are player 1: "), "{}", shown.text);
    assert!(shown.text.contains(words), "{}", shown.text);
    let again = form(&server, "/draw/player", "", &cookie).await;
    assert_eq!(kept(&again), kept(&joined));
    let left = form(&server, "/draw/player/stop", "", &cookie).await;
    assert_eq!(left.status(), 303);
    assert!(set(&left)[0].starts_with("player=; "), "{:?}", set(&left));
    for path in ["/draw/player", "/draw/player/stop"] {
        let reloaded = server.get(path).send().await.unwrap();
        assert_eq!(reloaded.headers()["location"], "/draw");
    }
}

#[tokio::test]
async fn each_page_of_the_draw_keeps_the_number_for_longer() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let (_, cookie) = join(&server).await;
    let cookie = format!("{}; {cookie}", server.cookie().await);

    let answer = server.get("/draw").header("cookie", &cookie);
    let answer = answer.send().await.unwrap();

    assert!(cookie.ends_with(&kept(&answer)));
}

#[tokio::test]
async fn pages_of_other_sites_make_nobody_a_player() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let visitor = server.cookie().await;

    for (method, path) in [
        ("POST", "/draw/player"),
        ("POST", "/draw/player/stop"),
        ("POST", "/api/draw/player"),
        ("DELETE", "/api/draw/player"),
    ] {
        let call = server.request(method, path).header("cookie", &visitor);
        let call = call.header("origin", "https://evil.example");
        let refused = call.send().await.unwrap();
        assert_eq!(set(&refused), [""; 0]);
        assert_problem(refused, 403, "other-origin").await;
    }
    let blocked = form(&server, "/draw/player", "", "").await;
    assert_eq!(blocked.status(), 403);
    let blocked = DrawPage::of(blocked).await;
    assert_eq!(
        blocked.state.own.unwrap().problem.unwrap().kind,
        "no-cookie"
    );
    assert!(blocked.text.contains("Allow cookies"), "{}", blocked.text);
}

#[tokio::test]
async fn who_is_forgotten_in_a_browser_is_no_player_there() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let visitor = server.cookie().await;
    let (_, cookie) = join(&server).await;

    let forgotten = form(&server, "/you/forget", "", &format!("{visitor}; {cookie}")).await;

    assert_eq!(forgotten.status(), 303);
    assert!(set(&forgotten)[0].starts_with("player=; "));
    let mut all = forgotten.headers().get_all("set-cookie").iter();
    assert!(all.any(|set| set.to_str().unwrap().starts_with("person=; ")));
}
