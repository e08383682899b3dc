//! `GET /draw`, as a browser without JavaScript sees it.

use crate::support::{
    PLAYERS, Server, Setup, asked, assert_timestamp, client, look_up, settled, show_draw as show,
    start_redis,
};
use edge::testing::RedisServer;

/// The names of all tags.
fn tags(html: &str) -> Vec<&str> {
    let pieces = html.split('<').skip(1);
    pieces
        .map(|piece| piece.split([' ', '>']).next().unwrap())
        .collect()
}

#[tokio::test]
async fn the_page_says_all_without_a_script() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("DRAW_PLAYERS", "30");
    let server = settled(&setup.with("DRAW_POINTS", "9"), &redis).await;
    let draw = server.draw().await;

    let first = show(&server, "").await;
    let second = show(&server, "").await;

    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(asked(&first).timestamp, None);
    assert_timestamp(asked(&second).timestamp.as_ref().unwrap());
    for shown in [&first, &second] {
        let state = &shown.state;
        assert_eq!(
            (state.round, state.news.report.round),
            (draw.round, draw.round)
        );
        assert_eq!(state.news.report.histogram, draw.histogram);
        assert!(state.news.asked_at.is_some(), "the page itself asked");
        assert_eq!(state.lookup, None);
        for player in &asked(shown).users {
            assert!(
                shown.text.contains(&player.id.to_string()),
                "{}",
                shown.text
            );
            assert_eq!(
                server.player(player.id).await,
                (player.points.into(), draw.round)
            );
        }
        assert!(shown.html.contains("name=\"player\""), "{}", shown.html);
        assert!(shown.html.contains("<svg"), "{}", shown.html);
    }
    let rest = server.max_two().await;
    assert_eq!(rest.users.len(), asked(&first).users.len());
}

#[tokio::test]
async fn a_page_is_each_visitors_own() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    server.knows_its_key().await;

    let answer = server.get("/draw").send().await.unwrap();

    assert_eq!(answer.headers()["cache-control"], "no-store");
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'sha256-")
            && !policy.contains("unsafe-inline")
    );
    assert!(answer.headers().contains_key("set-cookie"));
    let at = answer.text().await.unwrap();
    assert!(!at.contains(" style=\"") && !at.contains(" onclick="));
    for (method, status) in [("HEAD", 200), ("POST", 405), ("PUT", 405)] {
        let method: reqwest::Method = method.parse().unwrap();
        let answer = client()
            .request(method, server.url("/draw"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn at_first_nobody_is_shown() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let shown = show(&server, "").await;

    assert_eq!((shown.status, shown.state.round), (200, 0));
    assert_eq!(asked(&shown).users, []);
    assert_eq!(shown.state.news.opening, []);
    assert_eq!(shown.state.news.report.histogram[0], PLAYERS);
}

#[tokio::test]
async fn a_player_is_looked_up_by_a_query() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;

    for (typed, id) in [
        ("72", 72),
        (" 72 ", 72),
        ("1 000", 1_000),
        ("1,000", 1_000),
        ("007", 7),
    ] {
        let shown = look_up(&server, typed).await;

        assert_eq!(shown.status, 200, "{typed}");
        let lookup = shown.state.lookup.unwrap();
        let found = lookup.found.unwrap();
        assert_eq!((found.id, lookup.problem), (id, None));
        assert_eq!(server.player(id).await, (found.points.into(), found.round));
        assert_eq!(lookup.typed, typed.trim());
    }
    for nothing in ["", " ", "\t\r\n"] {
        let shown = look_up(&server, nothing).await;
        assert_eq!((shown.status, shown.state.lookup), (200, None));
    }
}

#[tokio::test]
async fn looking_a_player_up_is_no_query() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;

    for typed in ["72", "nobody", "7"] {
        let shown = look_up(&server, typed).await;

        assert_eq!((shown.state.two, shown.state.news.asked_at), (None, None));
        assert!(
            shown.text.contains("when the round started"),
            "{}",
            shown.text
        );
        for player in shown.state.news.opening {
            let card = format!("data-player=\"{}\"", player.id);
            assert!(shown.html.contains(&card), "{}", shown.html);
        }
    }
    assert_eq!(server.max_two().await.timestamp, None);

    // Those who ask again keep whom they looked up.
    let again = show(&server, "?player=72&ask=again").await;
    assert_timestamp(asked(&again).timestamp.as_ref().unwrap());
    assert_eq!(again.state.lookup.unwrap().found.unwrap().id, 72);
}

#[tokio::test]
async fn one_player_alone_is_told_as_one() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("DRAW_PLAYERS", "1");
    let server = setup.start().await;

    let shown = look_up(&server, "2").await;

    assert_eq!(shown.status, 404);
    for words in ["At most 1 player", "There is one player: number 1."] {
        assert!(shown.text.contains(words), "{}", shown.text);
    }
}

#[tokio::test]
async fn who_is_no_player_is_said_on_the_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for typed in [
        "0",
        "1001",
        "-1",
        "1.5",
        "abc",
        "⅐",
        "18446744073709551617",
        "1,00",
        ",100",
    ] {
        let shown = look_up(&server, typed).await;

        assert_eq!(shown.status, 404, "{typed}");
        let lookup = shown.state.lookup.unwrap();
        let problem = lookup.problem.unwrap();
        assert_eq!((lookup.found, &lookup.typed[..]), (None, typed));
        assert_eq!((problem.status, &problem.kind[..]), (404, "unknown-player"));
        let said = shown
            .text
            .matches("Enter a number from 1 to 1,000.")
            .count();
        assert_eq!(said, 1, "{}", shown.text);
        assert!(!shown.text.contains("1 to 1000"), "{}", shown.text);
    }
}

#[tokio::test]
async fn hostile_queries_are_cut_and_escaped_and_never_fail_the_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let harmless = look_up(&server, "x").await;
    for typed in [
        "\"><script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "<!--",
        "\" autofocus onfocus=\"alert(1)",
        "' onfocus='alert(1)",
        "<img src=x onerror=alert(1)>",
        "\0\u{1}\u{7f}\u{202e}\u{feff}",
    ] {
        let shown = look_up(&server, typed).await;
        assert_eq!(shown.status, 404, "{typed:?}");
        assert_eq!(tags(&shown.html), tags(&harmless.html), "{typed:?}");
        assert!(!shown.html.contains("onfocus=\"") && !shown.html.contains("<img src=x"));
        assert_eq!(shown.state.lookup.unwrap().typed, typed.trim());
    }
    let plain = show(&server, "").await.html.len();
    let long = look_up(&server, &"<9".repeat(3_000)).await;
    assert_eq!(long.status, 404);
    assert_eq!(long.state.lookup.as_ref().unwrap().typed, "<9".repeat(32));
    assert!(
        long.html.len() < plain + 4_000,
        "{} after {plain}",
        long.html.len()
    );
    for query in [
        "?player=1&player=2",
        "?%",
        "?player",
        "?player=%",
        "?other=1",
        "?&&&=",
        "?player[]=1",
    ] {
        let shown = show(&server, query).await;
        assert!(
            matches!(shown.status, 200 | 404),
            "{query}: {}",
            shown.status
        );
    }
    for query in ["?player=%ff", "?player=%00", "?player=%c0%80"] {
        let shown = show(&server, query).await;
        assert_eq!(shown.status, 404, "{query}");
    }
}

#[tokio::test]
async fn the_page_shows_the_last_round_with_its_age_while_redis_is_away() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let before = show(&server, "").await.state;
    redis.kill().unwrap();
    server.draw_until("an age", |draw| draw.age_ms > 0).await;

    let away = look_up(&server, "7").await;
    assert_eq!(away.status, 200);
    assert!(away.state.news.report.age_ms > 0);
    assert_eq!(away.state.round, before.round);
    assert_eq!(
        away.state.news.report.histogram,
        before.news.report.histogram
    );
    assert_eq!(away.state.lookup.unwrap().found.unwrap().id, 7);
    redis.restart().await.unwrap();

    server.draw_until("no age", |draw| draw.age_ms == 0).await;
    let back = show(&server, "").await;
    assert_eq!((back.status, back.state.news.report.age_ms), (200, 0));
    assert_eq!(back.state.round, before.round);
}

#[tokio::test]
async fn without_a_round_a_person_gets_a_page_that_says_so() {
    let mut redis = start_redis().await;
    let setup = Setup::new("ord", &redis);
    redis.kill().unwrap();
    let server = setup.start_unready().await;

    for path in ["/draw", "/draw?player=7"] {
        let call = server.get(path).header("accept", "text/html,*/*;q=0.8");
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), 503, "{path}");
        assert_eq!(answer.headers()["retry-after"], "2");
        let page = answer.text().await.unwrap();
        assert!(
            page.starts_with("<!DOCTYPE html>") && page.contains("not ready"),
            "{page}"
        );
    }
}
