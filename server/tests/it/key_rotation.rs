//! A cluster whose secret is replaced while it runs.

use crate::support::{Server, Setup, client, dump, form, json, letters, start_redis, visitor};
use edge::testing::RedisServer;
use futures::future::join_all;
use reqwest::header::SET_COOKIE;
use serde_json::json;

const OLD: &str = "the-old-secret-which-somebody-may-have-learned";
const NEW: &str = "the-new-secret-which-takes-the-old-ones-place";

/// Starts a server of each region with these secrets.
async fn start(redis: &RedisServer, secrets: &[(&str, &str)]) -> Vec<Server> {
    let setups = ["ord", "fra", "syd"].map(|region| {
        let setup = Setup::new(region, redis);
        secrets
            .iter()
            .fold(setup, |setup, (name, value)| setup.with(name, value))
    });
    let servers = join_all(setups.iter().map(Setup::start)).await;
    for server in &servers {
        server.knows_its_key().await;
    }
    servers
}

/// Visits a server's page of mail; the cookie that the browser has then.
async fn visit(server: &Server, cookie: String) -> String {
    let page = server.get("/mail").header("cookie", &cookie).send();
    let page = page.await.unwrap();
    let set = page.headers().get(SET_COOKIE);
    let set = set.map(|set| set.to_str().unwrap().split(';').next().unwrap().to_owned());
    set.unwrap_or(cookie)
}

/// Whether the visitor has their mailbox there, and the device its place in the party.
async fn is_known(server: &Server, cookie: &str, code: &str) -> bool {
    let written = letters(server, cookie, "ord-wren").await;
    let path = format!("/parties/{code}/participants/ann-secret-device-id");
    let rename = client().patch(server.url(&path));
    let rename = rename.json(&json!({ "participant_name": "Ann" })).send();
    written == ["a note"] && rename.await.unwrap().status() == 200
}

#[tokio::test]
async fn visitors_and_devices_stay_who_they_are_while_one_secret_takes_anothers_place() {
    let redis = start_redis().await;
    let before = start(&redis, &[("SECRET_KEY", OLD)]).await;
    let mut wren = visitor(&before[0], "wren").await;
    let stolen = wren.clone();
    form(
        &before[0],
        "/mail/send",
        "to=ord-wren&message=a+note",
        &wren,
    )
    .await;
    let code = before[0].create("ann", json!({})).await;
    let federation = json(before[0].get("/api/federation").send().await.unwrap()).await;

    // One after the other: visitors go to and fro between old and new ones.
    let both = start(&redis, &[("SECRET_KEY", NEW), ("SECRET_KEY_OLD", OLD)]).await;
    for server in [&both[1], &before[2], &both[0], &before[1]] {
        wren = visit(server, wren).await;
        assert!(is_known(server, &wren, &code).await);
    }
    let fresh = visit(&both[2], String::new()).await;
    form(&both[2], "/mail/name", "name=fresh", &fresh).await;
    assert_eq!(letters(&before[0], &fresh, "ord-wren").await, [""; 0]);
    drop(before);

    let after = start(&redis, &[("SECRET_KEY", NEW)]).await;
    drop(both);

    for server in &after {
        wren = visit(server, wren).await;
        assert!(is_known(server, &wren, &code).await);
        assert_ne!(
            visit(server, stolen.clone()).await,
            stolen,
            "the old cookie counts"
        );
        let inbox = server
            .get("/mail/ord-wren/letters")
            .header("cookie", &stolen);
        assert_eq!(inbox.send().await.unwrap().status(), 401);
        let told = json(server.get("/api/federation").send().await.unwrap()).await;
        assert_eq!(told["public_key"], federation["public_key"]);
    }
    let dump = dump(&redis, "v4.local.").await;
    assert!(!dump.contains(OLD) && !dump.contains(NEW), "{dump}");
}
