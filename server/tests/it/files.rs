//! Static files, and HTTP/2.

use crate::support::{Server, Setup, raw, start_redis};
use edge::testing::RedisServer;
use reqwest::{Client, Version};
use sha2::{Digest, Sha256};
use std::fs;
use tempfile::TempDir;

/// Something that stands beside the site and is nobody's business.
const SECRET: &str = "the-secret-beside-the-site";

#[tokio::test]
async fn files_come_compressed_where_a_compressed_one_lies_beside() {
    let (_redis, _folder, server) = site().await;
    let packed = Client::builder().no_brotli().no_gzip().build().unwrap();

    for (accepts, encoding, body) in [
        ("br, gzip", Some("br"), "as brotli"),
        ("gzip", Some("gzip"), "as gzip"),
        ("identity", None, "body{}"),
    ] {
        let call = packed
            .get(server.url("/pkg/murmuration.abc.css"))
            .header("accept-encoding", accepts);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/css");
        let sent = answer
            .headers()
            .get("content-encoding")
            .map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(sent.as_deref(), encoding);
        assert_eq!(answer.text().await.unwrap(), body);
    }
}

#[test]
fn scripts_that_browsers_keep_are_named_by_their_content_and_loaded_by_that_name() {
    let mut loads = fs::read_to_string("../app/src/world/load_sky.js").unwrap();
    for stem in ["sky", "birds"] {
        let (_, rest) = loads.split_once(&format!("'/{stem}-")).unwrap();
        let (name, _) = rest.split_once(".js'").unwrap();

        let script = fs::read_to_string(format!("../public/{stem}-{name}.js")).unwrap();

        let digest = format!("{:x}", Sha256::digest(&script));
        assert_eq!(name, &digest[..10], "rename the file of {stem}");
        loads = script;
    }
}

#[tokio::test]
async fn the_page_asks_for_files_by_the_names_that_they_have() {
    let (_redis, _folder, server) = site().await;

    let page = server.get("/").send().await.unwrap().text().await.unwrap();
    for name in [
        "murmuration.abc.css",
        "murmuration.111.js",
        "murmuration.222.wasm",
    ] {
        assert!(page.contains(&format!("/pkg/{name}")), "{name}: {page}");
    }
    let problem = server
        .get("/nowhere")
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();

    assert!(
        problem
            .text()
            .await
            .unwrap()
            .contains("/pkg/murmuration.abc.css")
    );
}

#[tokio::test]
async fn only_names_that_change_with_their_content_last_forever() {
    let (_redis, _folder, server) = site().await;
    let cases = [
        (
            "/pkg/murmuration.abc.css",
            "public, max-age=31536000, immutable",
        ),
        (
            "/land-aecad41137.svg",
            "public, max-age=31536000, immutable",
        ),
        ("/favicon.svg", "public, max-age=3600"),
        ("/pkg/missing.css", "private, no-cache"),
    ];

    for (path, lasts) in cases {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], lasts, "{path}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn nothing_outside_the_site_is_served() {
    let (_redis, _folder, server) = site().await;
    let paths = [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/pkg/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/....//secret.txt",
        "/%252e%252e/secret.txt",
        "//secret.txt",
        "//etc/passwd",
        "/..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "/%2fetc/passwd",
        "/pkg/%00",
        "/favicon.svg%00.txt",
        "/%ff%fe",
        "/%",
        "/%zz",
        "/C:/secret.txt",
        "/CON",
        "/~root",
        "/link.txt/x",
        "/favicon.svg/",
        "/file:///etc/passwd",
    ];

    for path in paths {
        let answer = raw(
            &server,
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes(),
        )
        .await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(["400", "404"].contains(&status), "{path}: {answer}");
        assert!(
            !answer.contains(SECRET) && !answer.contains("root:"),
            "{path}: {answer}"
        );
        assert!(
            !answer.to_lowercase().contains("location:"),
            "{path}: {answer}"
        );
    }
}

#[tokio::test]
async fn no_file_has_a_name_that_is_too_long() {
    let (_redis, _folder, server) = site().await;
    let name = |bytes: usize| "a".repeat(bytes);
    let paths = [
        format!("/{}", name(252)),
        format!("/{}", name(256)),
        format!("/pkg/{}", name(300)),
        format!("/{}/x", name(256)),
        format!("/{}", name(7_000)),
        "/a".repeat(3_000),
    ];

    for path in paths {
        for accepts in ["*/*", "text/html"] {
            let call = server.get(&path).header("accept", accepts);
            let answer = call.header("accept-encoding", "br, gzip").send();
            let length = path.len();
            assert_eq!(answer.await.unwrap().status(), 404, "{length}, {accepts}");
        }
    }
    // Anybody may ask.
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

#[tokio::test]
async fn folders_are_not_listed() {
    let (_redis, folder, server) = site().await;
    fs::write(folder.path().join("site/pkg/index.html"), "an index").unwrap();

    for path in ["/pkg", "/pkg/", "/pkg/.", "//pkg//"] {
        let answer = raw(
            &server,
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes(),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("murmuration.abc"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn parts_of_files_can_be_asked_for() {
    let (_redis, _folder, server) = site().await;
    let part = async |range: &str| {
        let call = server
            .get("/favicon.svg")
            .header("range", range)
            .header("accept-encoding", "identity");
        call.send().await.unwrap()
    };

    let answer = part("bytes=0-3").await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.text().await.unwrap().as_str()
        ),
        (206, "<svg")
    );
    for range in ["bytes=999-", "bytes=5-2"] {
        assert_eq!(part(range).await.status(), 416, "{range}");
    }
    for range in [
        "bytes=",
        "bytes=0-1,1-2,2-3",
        "lines=1",
        "bytes=99999999999999999999999-",
    ] {
        let status = part(range).await.status().as_u16();
        assert!([200, 206, 416].contains(&status), "{range}: {status}");
    }
}

#[tokio::test]
async fn http_2_is_spoken_from_the_first_byte() {
    let (_redis, _folder, server) = site().await;
    let client = Client::builder().http2_prior_knowledge().build().unwrap();

    let page = client.get(server.url("/")).send().await.unwrap();
    assert_eq!(
        (page.status().as_u16(), page.version()),
        (200, Version::HTTP_2)
    );
    let calls = (0..50).map(|_| client.get(server.url("/api/world")).send());
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer.unwrap().status(), 200);
    }
    let click = async |origin: &str| {
        let call = client
            .post(server.url("/api/clicks"))
            .header("origin", origin);
        call.json(&serde_json::json!({ "by": 1 }))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };

    assert_eq!(
        click(&server.origin()).await,
        200,
        "the host stands in the target"
    );
    assert_eq!(click("https://evil.example").await, 403);
}

/// A server over a small site.
async fn site() -> (RedisServer, TempDir, Server) {
    let redis = start_redis().await;
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    fs::create_dir_all(site.join("pkg")).unwrap();
    for (name, text) in [
        ("pkg/murmuration.abc.css", "body{}"),
        ("pkg/murmuration.abc.css.br", "as brotli"),
        ("pkg/murmuration.abc.css.gz", "as gzip"),
        ("land-aecad41137.svg", "<svg/>"),
        ("favicon.svg", "<svg></svg>"),
        ("../secret.txt", SECRET),
        ("../hash.txt", "js: 111\nwasm: 222\ncss: abc\n"),
    ] {
        fs::write(site.join(name), text).unwrap();
    }
    let setup = Setup::new("ord", &redis).with("LEPTOS_SITE_ROOT", site.to_str().unwrap());
    let hashes = folder.path().join("hash.txt");
    let setup = setup.with("LEPTOS_HASH_FILE_NAME", hashes.to_str().unwrap());
    let server = setup.start().await;
    (redis, folder, server)
}
