//! How a server gets into its Redis: TLS, users and passwords; and what it says where it does not.

use crate::support::{Setup, client, eventually};
use edge::testing::{Certificates, RedisOptions, RedisServer};
use std::path::Path;

/// A server of that Redis, which is told these files as well.
fn trusting(url: &str, files: &[(&str, &Path)]) -> Setup {
    let setup = Setup::bare()
        .with("FLY_REGION", "fra")
        .with("REDIS_URL", url);
    let told =
        |setup: Setup, (name, file): &(&str, &Path)| setup.with(name, file.to_str().unwrap());
    files.iter().fold(setup, told)
}

async fn start(options: RedisOptions) -> RedisServer {
    RedisServer::start_with(options.tcp()).await.unwrap()
}

#[tokio::test]
async fn a_redis_over_tls_is_trusted_by_the_authority_that_is_named() {
    let files = Certificates::make().unwrap();
    let redis = start(RedisOptions::default().tls(&files)).await;
    let strict = RedisOptions::default().tls(&files).client_certificates();
    let strict = start(strict).await;
    let (authority, other) = (files.authority(), files.other_authority());
    let (client, key) = (files.client(), files.client_key());

    for setup in [
        trusting(&redis.url(), &[("REDIS_TLS_CA", &authority)]),
        trusting(&redis.url(), &[("SSL_CERT_FILE", &authority)]),
        // Named, it is the only one.
        trusting(
            &redis.url(),
            &[("SSL_CERT_FILE", &other), ("REDIS_TLS_CA", &authority)],
        ),
        trusting(
            &strict.url(),
            &[
                ("REDIS_TLS_CA", &authority),
                ("REDIS_TLS_CERT", &client),
                ("REDIS_TLS_KEY", &key),
            ],
        ),
    ] {
        setup.start().await;
    }
}

#[tokio::test]
async fn who_may_do_what_is_needed_gets_in() {
    let user = "ann on >secret ~test:* &test:* -@all +@read +@write +@scripting +@pubsub +@connection +info +role +wait +time";
    let redis = start(RedisOptions::default().user(user)).await;

    trusting(&redis.url_of("ann", "secret"), &[]).start().await;
}

#[tokio::test]
async fn who_does_not_get_in_is_not_ready_and_tells_no_password() {
    let files = Certificates::make().unwrap();
    let secure = start(RedisOptions::default().tls(&files)).await;
    let plain = start(RedisOptions::default().password("secret")).await;
    let (authority, other) = (files.authority(), files.other_authority());
    let servers = [
        trusting(&secure.url(), &[("REDIS_TLS_CA", &other)]),
        trusting(&secure.url().replace("rediss", "redis"), &[]),
        trusting(
            &plain.url().replace("redis://", "rediss://"),
            &[("REDIS_TLS_CA", &authority)],
        ),
        trusting(&plain.url_of("ann", "secret"), &[]),
        trusting(&plain.url_of("", ""), &[]),
    ];

    for setup in servers {
        let server = setup.start_unready().await;
        eventually("a failure that is told", async || {
            server.log().contains("Failed to connect")
        })
        .await;
        let ready = client().get(server.url("/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), 503);
        assert!(!server.log().contains("secret"), "a password in the log");
    }
}
