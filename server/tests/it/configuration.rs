//! Settings that cannot be used.

use crate::support::{Server, Setup, eventually, start_redis};

#[tokio::test]
async fn a_setting_that_cannot_be_used_ends_the_start_with_one_line_about_it() {
    let cases = [
        ("FLY_REGION", "frankfrt", "fra (Frankfurt)"),
        ("REGION", "sidney", "syd (Sydney)"),
        ("REDIS_URL", "http://x", "redis://HOST:PORT"),
        ("LEPTOS_SITE_ADDR", "127.0.0.1", "socket address"),
        ("BEAT_MS", "1s", "a whole number"),
        ("ADDRESS_CONNECTIONS", "-1", "a whole number"),
        ("SECRET_KEY", "short", "at least 32"),
        ("DATA_DIR", "/proc/nowhere", "data folder"),
        ("LEPTOS_HASH_FILES", "true", "beside the server"),
    ];

    for (name, value, fits) in cases {
        let mut setup = Setup::bare().with(name, value);
        if name != "LEPTOS_SITE_ADDR" {
            setup = setup.with("LEPTOS_SITE_ADDR", "127.0.0.1:0");
        }
        setup = setup.with("LEPTOS_HASH_FILE_NAME", "no-such-file");
        let ended = setup.run().await;
        assert!(!ended.status.success(), "{name}: {}", ended.log);
        assert_eq!(ended.log.lines().count(), 1, "{name}: {}", ended.log);
        let shown = if name == "SECRET_KEY" { "…" } else { value };
        for text in [name, shown, fits] {
            assert!(
                ended.log.contains(text),
                "{name}: {text} is not in {}",
                ended.log
            );
        }
    }
}

#[tokio::test]
async fn a_password_in_a_setting_is_not_shown() {
    for url in [
        "http://:hunter2@x",
        "redis://:hunter2@x:port",
        "redis://:hunter2@x/db",
    ] {
        let setup = Setup::bare().with("LEPTOS_SITE_ADDR", "127.0.0.1:0");
        let ended = setup.with("REDIS_URL", url).run().await;

        assert!(!ended.status.success(), "{}", ended.log);
        assert!(ended.log.contains("REDIS_URL"), "{}", ended.log);
        assert!(!ended.log.contains("hunter2"), "{}", ended.log);
    }
}

#[tokio::test]
async fn a_password_is_not_in_the_log_of_a_server_that_cannot_reach_its_redis() {
    let setup = Setup::bare().with("REDIS_URL", "redis://user:hunter2@127.0.0.1:1");

    let server = setup.start_unready().await;

    eventually("a try that fails", async || {
        server.log().contains("Failed to connect to Redis")
    })
    .await;
    assert!(!server.log().contains("hunter2"), "{}", server.log());
}

#[tokio::test]
async fn an_address_in_use_ends_the_start_with_one_line_about_it() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let address = server.address.to_string();

    let ended = Setup::new("fra", &redis)
        .with("LEPTOS_SITE_ADDR", &address)
        .run()
        .await;

    assert!(!ended.status.success());
    assert_eq!(ended.log.lines().count(), 1, "{}", ended.log);
    assert!(
        ended.log.contains(&format!("LEPTOS_SITE_ADDR={address}")),
        "{}",
        ended.log
    );
    assert!(ended.log.contains("in use"), "{}", ended.log);
}
