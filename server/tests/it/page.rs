//! `GET /`.

use crate::support::{Server, client, raw, start_redis};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Response;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashSet};

#[tokio::test]
async fn the_page_holds_every_regions_numbers_without_a_script() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    for key in ["a", "b", "c"] {
        assert_eq!(fra.click(key).send().await.unwrap().status(), 200);
    }
    ord.until("three clicks", |world| world.clicks == 3).await;

    let answer = ord.get("/").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    let page = answer.text().await.unwrap();

    let body = page.split_once("<body").unwrap().1;
    for text in ["ord", "Chicago", "fra", "Frankfurt"] {
        assert!(body.contains(text), "{text} is not in {body}");
    }
    let state = ord.page_state().await;
    let clicks: Vec<_> = state
        .world
        .regions
        .iter()
        .map(|region| region.clicks)
        .collect();
    assert_eq!(clicks, [3, 0]);
    assert_eq!(state.region.as_str(), "ord");
}

#[tokio::test]
async fn the_policy_allows_every_script_of_a_page_by_its_hash_and_no_other() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut policies = HashSet::new();

    for path in ["/", "/", "/party", "/mail", "/draw"] {
        let answer = server.get(path).send().await.unwrap();
        let policy = header(&answer, "content-security-policy").to_owned();
        let page = answer.text().await.unwrap();

        let allowed = between(&policy, "script-src ", " 'strict-dynamic'");
        let scripts = page.split("<script").skip(1);
        let scripts: BTreeSet<_> = scripts
            .filter(|script| {
                !script
                    .split_once('>')
                    .unwrap()
                    .0
                    .contains("application/json")
            })
            .map(|script| between(script, ">", "</script>"))
            .map(|script| {
                format!(
                    "'sha256-{}'",
                    BASE64_STANDARD.encode(Sha256::digest(script))
                )
            })
            .collect();
        assert!(!scripts.is_empty());
        assert_eq!(
            scripts,
            allowed.split(' ').map(str::to_owned).collect(),
            "{path}"
        );
        for unsafe_ in ["'unsafe-inline'", "'unsafe-eval'", "*"] {
            assert!(!policy.contains(unsafe_), "{policy}");
        }
        for attribute in [" onclick=", " onload=", " style=\"", "javascript:"] {
            assert!(!page.contains(attribute), "the policy forbids {attribute}");
        }
        policies.insert(allowed.to_owned());
    }
    assert_eq!(policies.len(), 1, "the scripts are the build's own");
}

#[tokio::test]
async fn a_visitor_gets_one_cookie_that_scripts_cannot_read() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );

    let answer = ord.get("/").send().await.unwrap();
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 1);
    let set = cookies[0].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Secure"), "this server is reached by http");
    assert_ne!(
        ord.cookie().await,
        ord.cookie().await,
        "each visitor is another"
    );

    let cookie = set.split(';').next().unwrap();
    for server in [&ord, &fra] {
        let again = server
            .get("/")
            .header("cookie", cookie)
            .send()
            .await
            .unwrap();
        assert!(
            !again.headers().contains_key("set-cookie"),
            "all instances know the cookie"
        );
    }
    let forged = ord
        .get("/")
        .header("cookie", "person=00000000000000000000000000000001");
    assert!(
        forged
            .send()
            .await
            .unwrap()
            .headers()
            .contains_key("set-cookie")
    );
}

#[tokio::test]
async fn a_cookie_is_secure_where_the_site_is() {
    let redis = start_redis().await;
    let setup =
        crate::support::Setup::new("ord", &redis).with("PUBLIC_URL", "https://murmuration.example");
    let server = setup.start().await;

    let answer = server.get("/").send().await.unwrap();

    assert!(header(&answer, "set-cookie").contains("Secure"));
    assert!(answer.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn pages_are_compressed_as_asked() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let plain = server.get("/").send().await.unwrap().text().await.unwrap();
    let packed = reqwest::Client::builder()
        .no_brotli()
        .no_gzip()
        .build()
        .unwrap();

    // The page is kept as gzip; what else a visitor is told is compressed for each, as each likes.
    for (path, accepted, encoding) in [
        ("/", "gzip, deflate, br, zstd", "gzip"),
        ("/api/world", "br", "br"),
        ("/api/world", "gzip", "gzip"),
    ] {
        let answer = packed
            .get(server.url(path))
            .header("accept-encoding", accepted);
        let answer = answer.send().await.unwrap();
        assert_eq!(header(&answer, "content-encoding"), encoding);
        assert!(header(&answer, "vary").contains("accept-encoding"));
        assert!(answer.bytes().await.unwrap().len() < plain.len() / 2);
    }
    let answer = packed.get(server.url("/")).send().await.unwrap();
    assert!(!answer.headers().contains_key("content-encoding"));
    // The client unpacks what it asked for.
    let unpacked = client()
        .get(server.url("/"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(unpacked.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_click_by_form_shows_on_the_page_that_follows() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (by, sum) in [("1", 1), ("1", 2), ("-1", 1), ("1", 2), ("1", 3)] {
        let click = server.submit("by", by);
        let answer = click
            .header("origin", server.origin())
            .send()
            .await
            .unwrap();
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "location")),
            (303, "/")
        );
        assert_eq!(server.page_state().await.world.clicks(), sum);
    }
}

#[tokio::test]
async fn a_form_that_says_anything_else_is_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for by in ["0", "2", "", "+1x", "1.0", "99999999999999999999"] {
        let answer = server.submit("by", by).send().await.unwrap();
        assert_eq!(answer.status(), 422, "{by:?}");
    }
    let answer = server.submit("to", "1").send().await.unwrap();
    assert_eq!(answer.status(), 422);

    assert_eq!(server.report().await.clicks, 0);
}

#[tokio::test]
async fn no_shared_cache_keeps_what_may_set_a_cookie() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = server.cookie().await;

    // With and without a cookie: a cache that keeps the one answer would give it to the other, too.
    for path in [
        "/",
        "/party",
        "/mail",
        "/draw",
        "/party/123-456-789",
        "/nowhere",
    ] {
        for cookie in ["", &cookie[..]] {
            let call = server.get(path).header("cookie", cookie);
            let answer = call.header("accept", "text/html").send().await.unwrap();
            let kept = header(&answer, "cache-control");
            assert!(["private, no-cache", "no-store"].contains(&kept), "{path}");
        }
    }
    let form = server.submit("by", "1").send().await.unwrap();
    assert_eq!(header(&form, "cache-control"), "private, no-cache");
}

#[tokio::test]
async fn every_answer_carries_the_usual_headers() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for path in ["/", "/api/world", "/nowhere", "/metrics"] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(
            header(&answer, "x-content-type-options"),
            "nosniff",
            "{path}"
        );
        assert_eq!(header(&answer, "referrer-policy"), "same-origin", "{path}");
        let policy = header(&answer, "content-security-policy");
        match path {
            // Other regions' pages show it in a pane.
            "/" => assert!(policy.contains("frame-ancestors 'self' http")),
            _ => assert!(policy.contains("frame-ancestors 'none'"), "{path}"),
        }
        assert_eq!(
            header(&answer, "cache-control"),
            "private, no-cache",
            "{path}"
        );
    }
    let head = raw(
        &server,
        b"HEAD / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(
        head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}
