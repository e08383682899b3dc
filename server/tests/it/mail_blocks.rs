//! Owners block whom they like, with their token or on their pages.

use crate::support::{Server, assert_problem, form, json, start_redis, visitor};
use serde_json::json;

const BLOCKS: &str = "/api/addresses/ord-ann/blocks";

async fn page(server: &Server, path: &str, cookie: &str) -> String {
    let call = server.get(path).header("cookie", cookie);
    let call = call.header("accept", "text/html");
    call.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn an_owner_blocks_with_their_token_and_the_blocked_are_told() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let (token, other) = (server.claim("ord-ann").await, server.claim("ord-bob").await);
    let set = async |call: reqwest::RequestBuilder| call.bearer_auth(&token).send().await.unwrap();
    let bob = format!("{BLOCKS}/ord-bob");
    let unverified = format!("{BLOCKS}/unverified");

    assert_eq!(set(server.request("PUT", &bob)).await.status(), 204);
    assert_eq!(set(server.request("PUT", &unverified)).await.status(), 204);
    let listed = json(set(server.get(BLOCKS)).await).await;
    let letter = server.letter("hi", "ord-ann", "ord-bob");
    let blocked = letter.bearer_auth(&other).send().await.unwrap();
    let unproved = server.mail("hi", "ord-ann", "ord-anyone").await;

    assert_eq!(
        listed,
        json!({ "senders": ["ord-bob"], "clusters": [], "unverified": true })
    );
    assert_problem(blocked, 403, "blocked").await;
    assert_problem(unproved, 403, "verified-only").await;
    assert_eq!(set(server.request("DELETE", &bob)).await.status(), 204);
    server.mail_as(&other, "hi", "ord-ann", "ord-bob").await;
    // Nobody else does any of that, and not everything can be blocked.
    let stranger = server.request("PUT", &bob).bearer_auth(&other);
    assert_problem(stranger.send().await.unwrap(), 401, "not-owner").await;
    let stranger = server.get(BLOCKS).bearer_auth(&other);
    assert_problem(stranger.send().await.unwrap(), 401, "not-owner").await;
    for (whom, status, kind) in [
        ("@nobody", 404, "unknown-cluster"),
        ("ord-postmaster", 403, "reserved-address"),
        ("nonsense", 400, "bad-path"),
    ] {
        let refused = set(server.request("PUT", &format!("{BLOCKS}/{whom}"))).await;
        assert_problem(refused, status, kind).await;
    }
}

#[tokio::test]
async fn a_visitor_blocks_and_accepts_again_on_their_pages() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let (ann, bob) = (visitor(&server, "ann").await, visitor(&server, "bob").await);
    let write = "from=ord-bob&message=hi";
    let sent = form(&server, "/mail/ord-ann", write, &bob).await;
    assert_eq!(sent.status(), 303);

    let whom = "from=ord-ann&whom=ord-bob&with=ord-bob";
    let block = form(
        &server,
        "/mail/blocks",
        &format!("{whom}&accept=false"),
        &ann,
    )
    .await;
    let refused = form(&server, "/mail/ord-ann", write, &bob).await;
    let shown = page(&server, "/mail/ord-bob", &ann).await;
    let accept = form(
        &server,
        "/mail/blocks",
        &format!("{whom}&accept=true"),
        &ann,
    )
    .await;

    assert_eq!(block.status(), 303);
    assert_eq!(block.headers()["location"], "/mail/ord-bob");
    assert_eq!(refused.status(), 403);
    let refused = refused.text().await.unwrap();
    assert!(
        refused.contains("does not accept letters from you"),
        "{refused}"
    );
    assert!(shown.contains("Unblock") && shown.contains("data-whom=\"ord-bob\""));
    assert_eq!(accept.status(), 303);
    let again = form(&server, "/mail/ord-ann", write, &bob).await;
    assert_eq!(again.status(), 303);
    // Only the owner's own pages do that.
    let stranger = form(
        &server,
        "/mail/blocks",
        &format!("{whom}&accept=false"),
        &bob,
    )
    .await;
    assert_eq!(stranger.status(), 401);
    assert!(
        !page(&server, "/mail/ord-bob", &ann)
            .await
            .contains("Unblock")
    );
}
