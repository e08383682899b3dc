//! Who may do what with an address.

use crate::support::{Server, assert_problem, json, start_redis};
use reqwest::Response;

/// A token of the right form that nobody was given.
const FORGED: &str = "mail_4hXb1uJz6sVw0yQn8tKc3rEo5pLg7dTi9fMa2vBsNxC";

/// Asserts that an answer asks for a token, and returns its body.
async fn assert_not_owner(answer: Response) -> String {
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    assert_problem(answer, 401, "not-owner").await.to_string()
}

#[tokio::test]
async fn an_unclaimed_address_is_written_from_and_to_by_anyone_and_read_by_nobody() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let token = server.claim("ord-ann").await;

    let sent = server.mail("hello", "ord-ann", "fra-nobody").await;
    let back = server
        .mail_as(&token, "hello", "fra-nobody", "ord-ann")
        .await;

    assert_eq!(sent.status(), 201);
    assert_eq!(back["status"], "delivered");
    let page = server.inbox_page(&token, "ord-ann", "").await;
    assert_eq!(page["messages"][0]["verified"], false);
    for bearer in [&token, FORGED, ""] {
        assert_not_owner(server.try_inbox(bearer, "fra-nobody", "").await).await;
    }
    let bare = server
        .get("/api/messages?address=fra-nobody")
        .send()
        .await
        .unwrap();
    assert_not_owner(bare).await;
}

#[tokio::test]
async fn a_claimed_address_is_written_from_with_its_token_alone() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let ann = ord.claim("ord-ann").await;
    let bob = ord.claim("fra-bob").await;

    for server in [&ord, &fra] {
        assert_not_owner(server.mail("forged", "fra-bob", "ord-ann").await).await;
        for token in [&bob, FORGED, "", "mail_", &ann[..ann.len() - 1]] {
            let letter = server
                .letter("forged", "fra-bob", "1-Ann")
                .bearer_auth(token);
            assert_not_owner(letter.send().await.unwrap()).await;
        }
        let letter = server.letter("forged", "fra-bob", "ord-ann");
        let basic = letter.basic_auth("ann", Some(&ann)).send().await.unwrap();
        assert_not_owner(basic).await;
    }
    fra.mail_as(&ann, "mine", "fra-bob", "ord-ann").await;

    let page = ord.inbox_page(&bob, "fra-bob", "").await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
    assert_eq!(page["messages"][0]["message"], "mine");
    assert_eq!(page["messages"][0]["verified"], true);
    let own = ord.inbox(&ann, "ord-ann").await;
    assert!(own.is_empty(), "an inbox is what came: {own:?}");
}

#[tokio::test]
async fn a_claimed_mailbox_is_read_with_its_token_alone() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let ann = server.claim("ord-ann").await;
    let bob = server.claim("ord-bob").await;
    server.mail("secret", "ord-ann", "fra-cid").await;

    let mut told = Vec::new();
    for token in [&bob, FORGED, "x"] {
        for path in ["/api/messages", "/api/messages/export"] {
            for address in ["ord-ann", "ord-nobody"] {
                let call = server.get(&format!("{path}?address={address}"));
                told.push(assert_not_owner(call.bearer_auth(token).send().await.unwrap()).await);
            }
        }
    }

    told.dedup();
    assert_eq!(told.len(), 1, "nobody learns what is claimed");
    assert_eq!(server.inbox(&ann, "ord-ann").await, ["secret"]);
    let path = server
        .get("/api/messages?address=ord-ann")
        .bearer_auth(&ann);
    let answer = path.send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let lower = server.get("/api/messages?address=ord-ann");
    let lower = lower.header("authorization", format!("bearer {ann}"));
    assert_eq!(lower.send().await.unwrap().status(), 200);
    let twice = server
        .get("/api/messages?address=ord-ann")
        .bearer_auth(&ann);
    let twice = twice.bearer_auth(&ann).send().await.unwrap();
    assert_not_owner(twice).await;
}

#[tokio::test]
async fn a_claimer_sees_only_what_comes_after_the_claim() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    for number in 0..5 {
        server.mail(&number.to_string(), "ord-ann", "fra-bob").await;
    }

    let token = server.claim("ord-ann").await;

    assert!(server.inbox(&token, "ord-ann").await.is_empty());
    server.mail("after", "ord-ann", "fra-bob").await;
    assert_eq!(server.inbox(&token, "ord-ann").await, ["after"]);
    let export = server
        .get("/api/messages/export?address=ord-ann")
        .bearer_auth(&token);
    let export = export.send().await.unwrap().text().await.unwrap();
    assert_eq!(export.lines().count(), 1, "{export}");
}

#[tokio::test]
async fn a_cookie_counts_where_one_of_our_own_pages_sends_it() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let (ann, bob) = (server.cookie().await, server.cookie().await);
    let chosen = crate::support::form(&server, "/mail/name", "name=ann", &ann).await;
    assert_eq!(chosen.status(), 303);
    let write = async |cookie: &str, origin: Option<&str>| {
        let mut letter = server
            .letter("mine", "ord-ann", "ord-ann")
            .header("cookie", cookie);
        if let Some(origin) = origin {
            letter = letter.header("origin", origin);
        }
        letter.send().await.unwrap()
    };
    let own = server.origin();

    assert_eq!(write(&ann, Some(&own)).await.status(), 201);
    assert_not_owner(write(&ann, None).await).await;
    assert_not_owner(write(&bob, Some(&own)).await).await;
    let foreign = write(&ann, Some("https://evil.example")).await;
    assert_problem(foreign, 403, "other-origin").await;
    let read = async |cookie: &str| {
        let call = server.get("/api/messages?address=ord-ann");
        call.header("cookie", cookie).send().await.unwrap()
    };
    assert_not_owner(read(&bob).await).await;
    let inbox = json(read(&ann).await).await;
    assert_eq!(inbox["messages"].as_array().unwrap().len(), 1, "{inbox}");
    let foreign = server
        .get("/api/messages?address=ord-ann")
        .header("cookie", &ann);
    let foreign = foreign
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.headers().get("access-control-allow-origin"), None);
    assert_problem(foreign, 403, "other-origin").await;
}
