//! Redis loses all that it held, and comes back empty.

use crate::support::{Server, Setup, eventually, json, start_redis};
use edge::testing::{Proxy, RedisServer};
use reqwest::header::SET_COOKIE;

const OLD: (&str, &str) = ("SECRET_KEY", "the-old-secret-which-nobody-needs-any-longer");
const OLD_TOO: (&str, &str) = ("SECRET_KEY_OLD", OLD.1);
const NEW: (&str, &str) = ("SECRET_KEY", "the-new-secret-that-took-the-old-ones-place");

#[tokio::test]
async fn an_instance_that_starts_on_an_emptied_redis_learns_the_secret_of_those_that_live() {
    let redis = start_redis().await;
    let old = known(&Setup::new("ord", &redis)).await;
    let cookie = old.cookie().await;
    let key = public_key(&old).await;

    empty(&redis).await;
    let new = known(&Setup::new("fra", &redis)).await;

    for server in [&old, &new] {
        assert!(is_known(server, &cookie).await);
        assert_eq!(public_key(server).await, key);
    }
    let fresh = new.cookie().await;
    assert!(is_known(&old, &fresh).await);
}

#[tokio::test]
async fn so_it_does_where_the_secret_is_configured_and_took_anothers_place() {
    let redis = start_redis().await;
    let with = |region: &str, secrets: &[(&str, &str)]| {
        let setup = Setup::new(region, &redis);
        let secrets = secrets.iter();
        secrets.fold(setup, |setup, (name, value)| setup.with(name, value))
    };
    let first = known(&with("ord", &[OLD])).await;
    let key = public_key(&first).await;
    drop(known(&with("ord", &[NEW, OLD_TOO])).await);
    let old = known(&with("syd", &[NEW])).await;
    assert_eq!(public_key(&old).await, key);
    drop(first);

    empty(&redis).await;
    let new = known(&with("fra", &[NEW])).await;

    assert_eq!(public_key(&new).await, key);
    assert_eq!(public_key(&old).await, key);
}

#[tokio::test]
async fn who_made_a_secret_while_the_others_were_cut_off_takes_theirs_over() {
    let redis = start_redis().await;
    let link = Proxy::start(&redis.url()).unwrap();
    let setup = Setup::new("ord", &redis).with("REDIS_URL", &link.url());
    let old = known(&setup).await;
    let cookie = old.cookie().await;
    let key = public_key(&old).await;
    link.cut();
    empty(&redis).await;
    let new = known(&Setup::new("fra", &redis)).await;
    assert_ne!(public_key(&new).await, key);

    link.restore();

    eventually("the older secret", async || public_key(&new).await == key).await;
    assert!(is_known(&new, &cookie).await);
    assert_eq!(public_key(&old).await, key);
}

/// Starts a server and waits until it knows its key.
async fn known(setup: &Setup) -> Server {
    let server = setup.start().await;
    server.knows_its_key().await;
    server
}

async fn empty(redis: &RedisServer) {
    let mut connection = redis.connection().await.unwrap();
    let flush = redis::cmd("FLUSHALL");
    flush.exec_async(&mut connection).await.unwrap();
}

async fn public_key(server: &Server) -> String {
    let told = json(server.get("/api/federation").send().await.unwrap()).await;
    told["public_key"].as_str().unwrap().to_owned()
}

/// Whether a server takes the visitor for whom they are, rather than give them another cookie.
async fn is_known(server: &Server, cookie: &str) -> bool {
    let page = server.get("/mail").header("cookie", cookie).send();
    let page = page.await.unwrap();
    assert_eq!(page.status(), 200);
    page.headers().get(SET_COOKIE).is_none()
}
