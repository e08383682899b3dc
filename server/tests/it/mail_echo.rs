//! Whoever knows nobody writes to the servers, which answer.

use crate::support::{Server, assert_problem, eventually, form, letters, start_redis, visitor};

async fn page(server: &Server, path: &str, cookie: &str) -> String {
    let call = server.get(path).header("cookie", cookie);
    call.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_newcomer_is_told_of_two_regions_echoes_and_answered() {
    let redis = start_redis().await;
    let ord = Server::start("ord", &redis).await;
    let fra = Server::start("fra", &redis).await;
    let both = [r#"href="/mail/ord-echo""#, r#"href="/mail/fra-echo""#];
    let suggests = async |cookie: &str| {
        let page = page(&ord, "/mail", cookie).await;
        both.iter().all(|link| page.contains(link))
    };

    let cookie = ord.cookie().await;
    eventually("both regions", async || suggests(&cookie).await).await;
    let wren = visitor(&ord, "wren").await;
    assert!(suggests(&wren).await);
    let empty = page(&ord, "/mail/fra-echo", &wren).await;
    assert!(empty.contains(r#"action="/mail/fra-echo""#), "{empty}");
    let sent = form(&ord, "/mail/fra-echo", "message=Anybody+there", &wren).await;
    assert_eq!(sent.status(), 303);

    let said = async || letters(&ord, &wren, "fra-echo").await;
    eventually("an answer", async || said().await.len() > 1).await;
    let said = said().await;
    assert_eq!(said[0], "Anybody there");
    assert!(
        said[1].starts_with("Hello from Frankfurt (fra). Instance fra-"),
        "{said:?}"
    );
    drop(fra);
}

#[tokio::test]
async fn an_echo_accepts_verified_senders_only() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let refused = server.mail("hi", "1-echo", "ord-bob").await;

    let problem = assert_problem(refused, 403, "verified-only").await;
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("Claim your address")
    );
}
