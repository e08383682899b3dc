//! Visitors who are forgotten, on a device or on all.

use crate::support::{
    Server, Setup, Tab, assert_problem, eventually, form, json, start_redis, visitor,
};
use reqwest::Response;
use reqwest::header::SET_COOKIE;
use serde_json::json;

/// Asserts that an answer makes the browser remove its cookie, and what pages keep.
fn assert_forgets(answer: &Response) {
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["clear-site-data"], "\"storage\"");
    let set = answer.headers()[SET_COOKIE].to_str().unwrap();
    assert!(
        set.starts_with("person=;") && set.contains("Max-Age=0"),
        "{set}"
    );
}

/// Whether a page of mail makes the visitor of that cookie somebody new.
async fn is_nobody(server: &Server, cookie: &str) -> bool {
    let page = server.get("/mail").header("cookie", cookie).send();
    page.await.unwrap().headers().contains_key(SET_COOKIE)
}

#[tokio::test]
async fn who_is_forgotten_on_all_devices_is_nobody_anywhere_and_has_nothing() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    fra.knows_its_key().await;
    let wren = visitor(&ord, "wren").await;
    let host = form(&ord, "/party", "name=Wren&listed=on", &wren).await;
    let party = host.headers()["location"].to_str().unwrap().to_owned();
    let code = party.strip_prefix("/party/").unwrap();
    ord.join(code, "finch").await;
    let mut far = Tab::open_as(&fra, "far", &wren).await;
    let page = ord
        .get("/you")
        .header("cookie", &wren)
        .send()
        .await
        .unwrap();
    assert!(!page.headers().contains_key(SET_COOKIE));
    let page = page.text().await.unwrap();
    assert!(page.contains("ord-wren") && page.contains(&party));

    let foreign = ord
        .post("/you/forget")
        .header("cookie", &wren)
        .body("on=all");
    let foreign = foreign.header("content-type", "application/x-www-form-urlencoded");
    let foreign = foreign.header("origin", "https://evil.example").send();
    assert_eq!(foreign.await.unwrap().status(), 403);
    let answer = form(&ord, "/you/forget", "on=all", &wren).await;

    assert_forgets(&answer);
    let (code_of_close, ..) = far.closing().await;
    assert_eq!(code_of_close, 4509);
    for server in [&ord, &fra] {
        eventually("nobody", async || is_nobody(server, &wren).await).await;
        let join = form(server, &format!("{party}/join"), "name=Wren", &wren).await;
        assert_eq!(join.status(), 403);
    }
    assert_eq!(ord.members(code).await, ["finch*"]);
    assert_problem(ord.try_claim("ord-wren").await, 409, "address-given-back").await;
    // One that starts later knows it at once.
    let late = Setup::new("syd", &redis).start().await;
    assert!(is_nobody(&late, &wren).await);
    let page = late
        .get("/you")
        .header("cookie", &wren)
        .send()
        .await
        .unwrap();
    assert!(page.text().await.unwrap().contains("has no cookie of ours"));
}

#[tokio::test]
async fn while_redis_is_away_who_asks_to_be_forgotten_is_told_how_to_find_out() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = visitor(&server, "wren").await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    let call = server.post("/you/forget").body("on=all");
    let call = call.header("content-type", "application/x-www-form-urlencoded");
    let call = call
        .header("origin", server.origin())
        .header("cookie", wren);
    let answer = call.header("accept", "text/html").send().await.unwrap();

    assert_eq!(answer.status(), 503);
    let page = answer.text().await.unwrap();
    assert!(page.contains("if it still knows you"), "{page}");
}

#[tokio::test]
async fn who_is_forgotten_on_a_device_is_signed_out_and_their_open_pages_begin_anew() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    fra.knows_its_key().await;
    let wren = visitor(&ord, "wren").await;
    let mut far = Tab::open_as(&fra, "far", &wren).await;

    let answer = form(&ord, "/you/forget", "", &wren).await;

    assert_forgets(&answer);
    assert_eq!(answer.headers()["location"], "/you?forgotten=here");
    assert_eq!(far.closing().await.0, 4509);
    // Another device with that cookie goes on as before.
    assert!(!is_nobody(&fra, &wren).await);
    let mut anew = Tab::open_as(&fra, "anew", &wren).await;
    anew.watch("mailbox", Some("ord-wren")).await;
    assert_eq!(anew.hear_a("mailbox").await["address"], "ord-wren");
    let nobody = form(&ord, "/you/forget", "", "").await;
    assert_problem(nobody, 403, "no-cookie").await;
}

#[tokio::test]
async fn a_forgotten_device_leaves_its_party_and_is_refused_everywhere() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let code = ord.create("ann", json!({})).await;
    ord.join(&code, "bob").await;

    for _ in 0..2 {
        let forget = fra.delete("/api/devices/ann-secret-device-id").send();
        assert_eq!(forget.await.unwrap().status(), 204);
    }

    assert_eq!(ord.members(&code).await, ["bob*"]);
    eventually("refused there, too", async || {
        ord.join(&code, "ann").await.status() == 403
    })
    .await;
    assert_problem(fra.join(&code, "ann").await, 403, "device-forgotten").await;
    let body = json!({ "device_id": "ann-secret-device-id", "message": "x" });
    let chat = fra
        .post(&format!("/parties/{code}/messages"))
        .json(&body)
        .send();
    assert_problem(chat.await.unwrap(), 403, "device-forgotten").await;
    let joined = json(ord.join(&code, "bob").await).await;
    assert_eq!(joined["participant_id"], 1);
}
