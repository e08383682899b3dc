//! `/about`, and what all pages have in common that the server writes itself.

use crate::support::{Server, Setup, eventually, start_redis};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A page as a browser gets it, and what it may load.
async fn open(server: &Server, path: &str) -> (String, String) {
    let answer = server.get(path).header("accept", "text/html").send();
    let answer = answer.await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str();
    let policy = policy.unwrap().to_owned();
    (answer.text().await.unwrap(), policy)
}

/// What a region's part of the picture says.
fn region<'a>(page: &'a str, code: &str) -> &'a str {
    let start = format!("data-region=\"{code}\"");
    let (_, part) = page.split_once(&start).unwrap();
    part.split_once("</li>").unwrap().0
}

fn says(part: &str, name: &str, text: &str) -> bool {
    let (_, rest) = part.split_once(&format!("data-of=\"{name}\"")).unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.starts_with(&format!("{text}</"))
}

#[tokio::test]
async fn the_page_holds_every_region_and_the_visitor_without_a_script() {
    let redis = start_redis().await;
    let (ord, mut fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    assert_eq!(fra.click("a").send().await.unwrap().status(), 200);
    ord.until("a click", |world| world.clicks == 1).await;

    let answer = ord.get("/about").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "private, no-cache");
    assert!(answer.headers().contains_key("set-cookie"));
    let (page, _) = open(&ord, "/about").await;

    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    for part in ["Redis", "scripts/run", "MIT", "href=\"/api/docs\"", "<ol"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (here, there) = (region(&page, "ord"), region(&page, "fra"));
    assert!(says(here, "city", "Chicago") && says(here, "clicks", "0"));
    assert!(here.contains(&ord.instance()), "{here}");
    assert!(says(there, "city", "Frankfurt") && says(there, "clicks", "1"));
    assert!(says(there, "instances", "1") && !there.contains("id=\"you\""));
    assert!(there.contains("data-of=\"gone\" hidden"));

    fra.kill();
    ord.until("its end", |world| world.instances() == 1).await;
    let (page, _) = open(&ord, "/about").await;
    let gone = region(&page, "fra");
    assert!(
        says(gone, "instances", "0") && gone.contains("data-of=\"gone\">"),
        "{gone}"
    );
}

#[tokio::test]
async fn without_redis_the_page_says_how_old_its_numbers_are() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    redis.kill().unwrap();

    eventually("the age", async || {
        let (page, _) = open(&server, "/about").await;
        page.contains(" s old: the servers can’t reach Redis.")
    })
    .await;
}

#[tokio::test]
async fn the_source_is_where_the_operator_says_and_nowhere_else() {
    let redis = start_redis().await;
    let told = Setup::new("ord", &redis).with("SOURCE_URL", "https://code.example/a?b=\"&c=<d>");
    let silent = Server::start("fra", &redis).await;

    let ended = told.run().await;
    assert!(
        !ended.status.success() && ended.log.contains("SOURCE_URL"),
        "{}",
        ended.log
    );
    let told = Setup::new("ord", &redis).with("SOURCE_URL", "https://code.example/a?b=1&c=2");
    let (page, _) = open(&told.start().await, "/about").await;
    assert!(
        page.contains("href=\"https://code.example/a?b=1&amp;c=2\""),
        "{page}"
    );
    let (page, _) = open(&silent, "/about").await;
    assert!(page.contains("The source code comes with the server"));
    let here = silent.origin();
    for (_, rest) in page
        .match_indices("href=\"")
        .map(|(at, start)| (at, &page[at + start.len()..]))
    {
        let link = rest.split('"').next().unwrap();
        assert!(
            link.starts_with(['/', '#']) || link.starts_with(&here),
            "{link}"
        );
    }
}

#[tokio::test]
async fn pages_that_the_server_writes_have_what_every_page_has() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (path, is_listed) in [
        ("/about", true),
        ("/you", false),
        ("/api/docs", false),
        ("/nowhere", false),
        ("/elsewhere/xyz", false),
    ] {
        let (page, policy) = open(&server, path).await;

        for part in [
            "rel=\"manifest\"",
            "rel=\"apple-touch-icon\"",
            "name=\"theme-color\"",
            "name=\"theme\" value=\"dark\"",
            "class=\"site-nav\"",
            "href=\"/about\"",
            "id=\"main\"",
        ] {
            assert!(page.contains(part), "{path}: {part}");
        }
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert_eq!(page.contains("content=\"noindex\""), !is_listed, "{path}");
        for attribute in [" onclick=", " onload=", " style=\"", "javascript:"] {
            assert!(
                !page.contains(attribute),
                "{path}: the policy forbids {attribute}"
            );
        }
        let scripts = page.split("<script>").skip(1);
        let scripts = scripts.map(|rest| rest.split_once("</script>").unwrap().0);
        let hashes: BTreeSet<_> = scripts
            .map(|script| BASE64_STANDARD.encode(Sha256::digest(script)))
            .collect();
        assert!(hashes.len() >= 2, "{path}: the theme is the visitor's");
        for hash in &hashes {
            assert!(
                policy.contains(&format!("'sha256-{hash}'")),
                "{path}: {policy}"
            );
        }
        assert_eq!(policy.matches("'sha256-").count(), hashes.len(), "{policy}");
        assert!(!policy.contains("'unsafe-") && policy.contains("manifest-src 'self'"));
    }
}
