//! The commands of the server, and settings of federation that cannot be used.

use crate::support::{Cluster, KeyTexts, Server, Setup, eventually, start_redis};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_server"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .envs(settings.iter().copied())
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn new_keys_are_printed_with_what_to_do_with_them() {
    let (one, other) = (run(&["keys", "new"], &[]), run(&["keys", "new"], &[]));

    assert!(one.status.success());
    let printed = text(&one.stdout);
    assert!(printed.contains("FEDERATION_KEY=k4.secret."), "{printed}");
    assert!(printed.contains("public_key = \"k4.public."), "{printed}");
    assert_ne!(one.stdout, other.stdout);
}

#[tokio::test]
async fn a_server_takes_a_key_that_was_printed() {
    let printed = text(&run(&["keys", "new"], &[]).stdout);
    let line = |start: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(start));
        line.unwrap().trim_matches('"').to_owned()
    };
    let redis = start_redis().await;

    let setup = Setup::new("ord", &redis).with("FEDERATION_KEY", &line("FEDERATION_KEY="));
    let server = setup.start().await;

    let told = server.get("/api/federation").send().await.unwrap();
    let told: Value = told.json().await.unwrap();
    assert_eq!(told["public_key"], line("public_key = "));
    assert_eq!(told["name"], "murmuration");
}

#[tokio::test]
async fn settings_of_federation_that_cannot_be_used_end_the_start_with_one_line() {
    let cluster = Cluster::new("larks", "ord").await;
    let other = Cluster::new("starlings", "moon").await;
    let peer = other.as_peer();
    let bad_key = peer.replace(&other.keys.public, "k4.public.x");
    let secret = peer.replace(&other.keys.public, &KeyTexts::fresh().secret);
    let lists = [
        (bad_key, "peer `starlings`: a public key reads k4.public."),
        (secret, "a public key reads k4.public."),
        (
            peer.replace("starlings", "larks"),
            "this cluster's own name",
        ),
        (peer.replace("starlings", "Starlings"), "lower-case letters"),
        (peer.replace("[\"moon\"]", "[\"ord\"]"), "region `ord`"),
        (peer.replace("http://", "ftp://"), "https://HOST"),
        (peer.replace("name =", "nme ="), "failed to parse"),
        (peer.repeat(2), "duplicate peer"),
    ];

    for (list, fits) in lists {
        let setup = cluster
            .setup_with(&list)
            .with("LEPTOS_SITE_ADDR", "127.0.0.1:0");
        let ended = setup.run().await;
        assert!(!ended.status.success(), "{fits}: {}", ended.log);
        assert_eq!(ended.log.lines().count(), 1, "{}", ended.log);
        for part in ["PEERS_FILE", fits] {
            assert!(ended.log.contains(part), "{part}: {}", ended.log);
        }
        assert!(!ended.log.contains("k4.secret"), "{}", ended.log);
    }
    let key = KeyTexts::fresh().secret;
    let setup = cluster
        .setup_with("")
        .with("LEPTOS_SITE_ADDR", "127.0.0.1:0");
    let ended = setup.with("FEDERATION_KEY", &key[..50]).run().await;
    assert_eq!(ended.log.lines().count(), 1, "{}", ended.log);
    assert!(ended.log.contains("FEDERATION_KEY") && !ended.log.contains(&key[..50]));
}

/// Exports a mailbox with those settings.
async fn export(address: &str, settings: Vec<(String, String)>) -> Output {
    let address = address.to_owned();
    let run = move || {
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        run(&["export-mail", "--address", &address], &settings)
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn settings(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test]
async fn a_mailbox_is_exported_as_lines_and_no_instance_appears() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = server.claim("ord-wren").await;
    for number in 0..300 {
        let sent = server
            .mail(&format!("{number}\n"), "ord-wren", "ord-bob")
            .await;
        assert_eq!(sent.status(), 201);
    }
    server.mail_as(&wren, "own", "ord-bob", "ord-wren").await;
    let url = redis.url();
    let of_redis = [("REDIS_URL", &*url), ("REDIS_PREFIX", "test:")];

    let exported = export("1-Wren", settings(&of_redis)).await;

    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let lines = text(&exported.stdout);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 301);
    assert_eq!(lines[7]["message"], "7\n");
    assert_eq!(lines[300]["is_own"], true);
    assert_eq!(server.report().await.instances(), 1);
}

#[tokio::test]
async fn a_mailbox_is_exported_from_the_machines_own_redis_with_no_server_running() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Setup::embedded("ord", folder.path()).start().await;
    let wren = server.claim("ord-wren").await;
    server.mail_as(&wren, "own", "ord-bob", "ord-wren").await;
    server.terminate();
    server
        .ended_within(std::time::Duration::from_secs(20))
        .await;
    let data = folder.path().to_str().unwrap();

    let of_folder = [("DATA_DIR", data), ("REDIS_PREFIX", "test:")];
    let exported = export("ord-wren", settings(&of_folder)).await;

    assert!(exported.status.success(), "{}", text(&exported.stderr));
    assert_eq!(text(&exported.stdout).lines().count(), 1);
    let socket = Path::new(data).join("redis.sock");
    eventually("the end of the Redis that was started", async || {
        std::os::unix::net::UnixStream::connect(&socket).is_err()
    })
    .await;
}

#[tokio::test]
async fn an_export_that_cannot_be_made_says_why_in_one_line() {
    let redis = start_redis().await;
    let url = redis.url();
    let cases = [
        ("mars-eve", &*url, "unknown region `mars`"),
        ("ord-wren", "http://x", "redis://HOST:PORT"),
    ];

    for (address, url, told) in cases {
        let exported = export(address, settings(&[("REDIS_URL", url)])).await;
        let error = text(&exported.stderr);
        assert!(!exported.status.success());
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains(told), "{error}");
    }
    let wrong = run(&["export-mail", "--address", "nobody"], &[]);
    assert!(text(&wrong.stderr).contains("ord-wren"));

    let other = Cluster::new("starlings", "moon").await;
    let peers = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(peers.path(), other.as_peer()).unwrap();
    let peers = peers.path().to_str().unwrap();
    let of_peer = settings(&[("REDIS_URL", url.as_str()), ("PEERS_FILE", peers)]);
    let exported = text(&export("moon-eve", of_peer).await.stderr);
    assert!(exported.contains("starlings"), "{exported}");
}
