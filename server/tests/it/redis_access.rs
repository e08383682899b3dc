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
async fn what_is_wrong_is_said_with_what_to_do() {
    let files = Certificates::make().unwrap();
    let tls = RedisOptions::default().tls(&files);
    let secure = start(tls.clone()).await;
    let strict = start(tls.clone().client_certificates()).await;
    let path = |path: std::path::PathBuf| path.display().to_string();
    let own = tls
        .setting("tls-cert-file", &path(files.self_signed()))
        .setting("tls-key-file", &path(files.self_signed_key()));
    let own = start(own).await;
    let plain = start(
        RedisOptions::default()
            .password("secret")
            .user("ann on >other ~test:* &* +@connection"),
    )
    .await;
    let (authority, other) = (files.authority(), files.other_authority());
    let secured =
        |server: &RedisServer| server.url().replace("redis://", "rediss instead of redis");
    let trusted: &[(&str, &Path)] = &[("REDIS_TLS_CA", &authority)];

    let cases = [
        (
            trusting(&secure.url(), &[("REDIS_TLS_CA", &other)]),
            "REDIS_TLS_CA",
        ),
        (trusting(&own.url(), trusted), "REDIS_TLS_CA"),
        (trusting(&strict.url(), trusted), "REDIS_TLS_CERT"),
        (
            trusting(&secured(&plain), trusted),
            "redis instead of rediss",
        ),
        (
            trusting(&secure.url().replace("rediss", "redis"), &[]),
            "rediss instead of redis",
        ),
        (
            trusting(&plain.url_of("", "wrong"), &[]),
            "password is wrong",
        ),
        (trusting(&plain.url_of("", ""), &[]), "asks for a password"),
        (
            trusting(&plain.url_of("ann", "other"), &[]),
            "forbids this user",
        ),
    ];
    for (setup, words) in cases {
        let server = setup.start_unready().await;
        eventually(words, async || {
            let log = server.log();
            let mut problems = log
                .lines()
                .filter(|line| line.contains(" WARN ") || line.contains(" ERROR "));
            problems.any(|line| line.contains(words))
        })
        .await;
        let ready = client().get(server.url("/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), 503, "{words}");
        assert!(
            !server.log().contains("secret"),
            "{words}: a password in the log"
        );
    }
}
