//! Pages of other sites may do nothing; programs nothing in a person's name.

use crate::support::{Server, Setup, Tab, code, json, start_redis};
use tokio_tungstenite::tungstenite::Error;

#[tokio::test]
async fn pages_of_other_sites_are_refused_everywhere() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let port = server.address.port();
    let foreign = [
        "https://evil.example".to_owned(),
        "null".into(),
        "".into(),
        format!("http://127.0.0.1:{}", port ^ 1),
        format!("http://127.0.0.1:{port}.evil.example"),
        format!("http://evil.example/127.0.0.1:{port}"),
        format!("http://x@127.0.0.1:{port}"),
        format!("ftp://127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
    ];

    for origin in &foreign {
        let click = server
            .click("key")
            .header("origin", origin)
            .send()
            .await
            .unwrap();
        assert_eq!(click.status(), 403, "{origin}");
        assert_eq!(code(click).await, "other-origin");
        let form = server.submit("by", "1").header("origin", origin);
        assert_eq!(form.send().await.unwrap().status(), 403, "{origin}");
        let Err(Error::Http(answer)) = Tab::knock(&server, &[("origin", origin)]).await.map(|_| ())
        else {
            panic!("{origin} got a socket");
        };
        assert_eq!(answer.status(), 403, "{origin}");
    }

    assert_eq!(server.report().await.clicks, 0);
}

#[tokio::test]
async fn a_browser_says_that_the_page_is_ours_though_a_proxy_changed_the_host() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let origin = ("origin", "https://murmuration.example");

    for (site, is_taken) in [
        ("same-origin", true),
        ("same-site", false),
        ("cross-site", false),
    ] {
        let headers = [origin, ("sec-fetch-site", site)];
        let form = headers
            .iter()
            .fold(server.submit("by", "1"), |form, (name, value)| {
                form.header(*name, *value)
            });
        let status = form.send().await.unwrap().status();
        assert_eq!(status != 403, is_taken, "{site}: {status}");
        assert_eq!(
            Tab::knock(&server, &headers).await.is_ok(),
            is_taken,
            "{site}"
        );
    }
}

#[tokio::test]
async fn the_sites_own_pages_and_programs_may_click() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PUBLIC_URL", "https://murmuration.example");
    let server = setup.start().await;

    // The page's proxy speaks TLS; whoever is on the way could send a page without.
    let secure = format!("https://{}", server.address);
    let click = server.click("x").header("origin", server.origin());
    assert_eq!(click.send().await.unwrap().status(), 403);
    for (key, origin) in [("a", secure), ("b", "https://murmuration.example".into())] {
        let click = server
            .click(key)
            .header("origin", &origin)
            .send()
            .await
            .unwrap();
        assert_eq!(click.status(), 200, "{origin}");
        Tab::knock(&server, &[("origin", &origin)]).await.unwrap();
    }
    assert_eq!(server.click("c").send().await.unwrap().status(), 200);
    Tab::knock(&server, &[]).await.unwrap();
    let form = server.submit("by", "1").send().await.unwrap();
    assert_eq!(form.status(), 303);

    assert_eq!(server.report().await.clicks, 4);
}

#[tokio::test]
async fn a_programs_click_is_not_the_cookies_persons() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = server.cookie().await;
    let clicks = async |click: reqwest::RequestBuilder| {
        json(click.send().await.unwrap()).await["clicks"]
            .as_i64()
            .unwrap()
    };

    let by_page = server.click("key").header("origin", server.origin());
    assert_eq!(clicks(by_page.header("cookie", &cookie)).await, 1);
    let by_program = server.click("key").header("cookie", &cookie);
    assert_eq!(clicks(by_program).await, 2, "counts in the address's name");

    assert_eq!(
        clicks(server.click("key")).await,
        2,
        "the same address's key, without the cookie"
    );
}

#[tokio::test]
async fn a_programs_socket_is_not_the_cookies_person() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = server.cookie().await;

    let _tab = Tab::open_as(&server, "one", &cookie).await.stay();
    let _other = Tab::open_as(&server, "two", &cookie).await.stay();
    server
        .until("one person in two tabs", |world| {
            (world.people, world.connections) == (1, 2)
        })
        .await;
    let mut program = Tab::knock(&server, &[("cookie", &cookie)]).await.unwrap();
    program.greet("three").await;
    let _program = program.stay();

    server
        .until("another person", |world| {
            (world.people, world.connections) == (2, 3)
        })
        .await;
}
