//! Tokens that are replaced, and addresses that are given back, over HTTP.

use crate::support::{Server, Tab, assert_problem, form, json, start_redis, visitor};

#[tokio::test]
async fn a_new_token_for_the_old_one_ends_the_old_one_in_every_region() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let old = ord.claim("ord-wren").await;
    ord.mail("before", "ord-wren", "fra-x").await;

    let renew = |token: &str| {
        fra.post("/api/addresses/1-wren/token")
            .bearer_auth(token)
            .send()
    };
    let answer = renew(&old).await.unwrap();

    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let renewed = json(answer).await;
    assert_eq!(renewed["address"], "ord-wren");
    let new = renewed["token"].as_str().unwrap();
    for server in [&ord, &fra] {
        let refused = server.try_inbox(&old, "ord-wren", "").await;
        assert_problem(refused, 401, "not-owner").await;
        assert_eq!(server.inbox(new, "ord-wren").await, ["before"]);
    }
    assert_problem(renew(&old).await.unwrap(), 401, "not-owner").await;
    assert_problem(renew("").await.unwrap(), 401, "not-owner").await;
}

#[tokio::test]
async fn a_page_of_the_owner_gets_a_token_and_another_sites_gets_none() {
    let redis = start_redis().await;
    let ord = Server::start("ord", &redis).await;
    let wren = visitor(&ord, "wren").await;
    let call = |origin: &str| {
        let call = ord.post("/api/addresses/ord-wren/token");
        let call = call.header("cookie", &wren);
        let call = call.header("origin", origin.to_owned());
        call.send()
    };

    let token = json(call(&ord.origin()).await.unwrap()).await["token"].clone();

    assert!(
        ord.inbox(token.as_str().unwrap(), "ord-wren")
            .await
            .is_empty()
    );
    assert_eq!(call("https://evil.example").await.unwrap().status(), 403);
    let program = ord.post("/api/addresses/ord-wren/token");
    let program = program.header("cookie", &wren).send().await.unwrap();
    assert_problem(program, 401, "not-owner").await;
}

#[tokio::test]
async fn an_address_is_given_back_by_its_token_or_on_its_owners_page() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let token = ord.claim("ord-finch").await;
    let wren = visitor(&ord, "wren").await;
    ord.mail("secret", "ord-finch", "fra-x").await;
    let mut tab = Tab::open_as(&ord, "wren", &wren).await;
    tab.watch("mailbox", Some("ord-wren")).await;
    assert_eq!(tab.hear_a("mailbox").await["address"], "ord-wren");

    let delete = |token: &str| {
        fra.delete("/api/addresses/ord-finch")
            .bearer_auth(token)
            .send()
    };
    assert_eq!(delete(&token).await.unwrap().status(), 204);
    let page = form(&ord, "/mail/give-back", "from=ord-wren", &wren).await;

    assert_eq!(page.status(), 303);
    let told = tab.hear_a("unwatched").await;
    assert_eq!(told["key"], "ord-wren");
    assert_eq!(told["problem"]["type"], "address-given-back");
    assert_problem(delete(&token).await.unwrap(), 401, "not-owner").await;
    for server in [&ord, &fra] {
        let read = server.try_inbox(&token, "ord-finch", "").await;
        assert_problem(read, 401, "not-owner").await;
        for address in ["ord-finch", "ord-wren"] {
            let claim = server.try_claim(address).await;
            assert_problem(claim, 409, "address-given-back").await;
        }
    }
    let foreign = visitor(&ord, "other").await;
    let theirs = form(&ord, "/mail/give-back", "from=ord-wren", &foreign).await;
    assert_problem(theirs, 401, "not-owner").await;
    // Whoever gave it back may think better of it.
    let back = form(&ord, "/mail/name", "name=wren", &wren).await;
    assert_eq!(back.status(), 303);
}
