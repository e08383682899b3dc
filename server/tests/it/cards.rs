//! How pages look where they are shared: their cards, and what they say of themselves.

use crate::support::{Server, Setup, assert_problem, device, json, start_redis};
use futures::stream::{FuturesUnordered, StreamExt};
use reqwest::{Response, StatusCode};
use serde_json::json;

/// The first bytes of a PNG of 1200 by 630 pixels.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\xb0\0\0\x02\x76";

async fn get(server: &Server, path: &str) -> Response {
    server.get(path).send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

/// Asks a question with a device. Returns the poll's path.
async fn ask(server: &Server, name: &str, question: &str) -> String {
    let body = json!({ "device_id": device(name), "question": question, "options": ["<b>", "&"] });
    let answer = server.post("/api/polls").json(&body).send().await.unwrap();
    format!("/poll/{}", json(answer).await["key"].as_str().unwrap())
}

/// What a page says of itself by that name.
fn said<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let tags = page
        .split('<')
        .filter(|tag| tag.contains(&format!("\"{name}\"")));
    let mut values = tags.filter_map(|tag| {
        let (_, value) = tag.split_once("content=\"").or(tag.split_once("href=\""))?;
        value.split('"').next()
    });
    values.next()
}

#[tokio::test]
async fn every_page_names_a_card_that_is_there() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let party = server.create("Ann", json!({})).await;
    let poll = server.ask("Bob").await;
    let (party, poll) = (format!("/party/{party}"), format!("/poll/{poll}"));

    for (path, card) in [
        ("/", "/cards/world.png"),
        ("/party", "/cards/world.png"),
        (&*party, &*format!("/cards{party}.png")),
        ("/draw", "/cards/world.png"),
        ("/mail", "/cards/world.png"),
        ("/about", "/cards/world.png"),
        ("/poll", "/cards/world.png"),
        (&*poll, &*format!("/cards{poll}.png")),
    ] {
        let page = get(&server, path).await.text().await.unwrap();

        assert_eq!(said(&page, "canonical"), Some(&*server.url(path)));
        assert_eq!(said(&page, "og:url"), Some(&*server.url(path)));
        assert_eq!(said(&page, "og:image"), Some(&*server.url(card)), "{path}");
        assert_eq!(said(&page, "og:site_name"), Some("Murmuration"));
        assert_eq!(said(&page, "og:image:width"), Some("1200"));
        assert_eq!(said(&page, "twitter:card"), Some("summary_large_image"));
        assert_eq!(said(&page, "og:description"), said(&page, "description"));
        for name in ["og:title", "og:type", "og:image:height", "og:image:alt"] {
            assert!(
                said(&page, name).is_some_and(|said| !said.is_empty()),
                "{path}: {name}"
            );
        }
        let answer = get(&server, card).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "content-type"), "image/png");
        assert_eq!(header(&answer, "cache-control"), "public, max-age=60");
        assert_eq!(header(&answer, "x-robots-tag"), "noindex");
        assert!(!answer.headers().contains_key("set-cookie"));
        assert!(answer.bytes().await.unwrap().starts_with(PNG));
    }
}

#[tokio::test]
async fn a_card_is_named_by_what_it_shows() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let code = ord.ask("Ann").await;
    let path = format!("/cards/poll/{code}.png");
    let name = |answer: &Response| header(answer, "etag").to_owned();

    let first = name(&get(&ord, &path).await);
    assert_eq!(
        name(&get(&fra, &path).await),
        first,
        "any region's is the same"
    );
    let again = ord.get(&path).header("if-none-match", &first);
    let again = again.send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&again, "etag"), first);
    assert!(again.bytes().await.unwrap().is_empty());
    ord.change(&code, "Ann", json!({ "vote": 1 })).await;

    assert_ne!(name(&get(&ord, &path).await), first);
}

#[tokio::test]
async fn many_who_share_a_page_have_its_card_drawn_once() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("Ann", json!({})).await;
    let path = format!("/cards/party/{code}.png");

    let all = futures::future::join_all((0..50).map(|_| get(&server, &path))).await;

    for answer in all {
        assert_eq!(answer.status(), 200);
        assert!(answer.bytes().await.unwrap().starts_with(PNG));
    }
    // Each that is drawn counts: others are answered from memory, however often.
    for _ in 0..50 {
        assert_eq!(get(&server, &path).await.status(), 200);
    }
}

#[tokio::test]
async fn an_address_has_so_many_drawn() {
    let redis = start_redis().await;
    let server = &Server::start("ord", &redis).await;
    let mut calls = FuturesUnordered::new();
    for at in 0..40 {
        let poll = ask(server, &format!("Ann{at}"), &format!("{at}?")).await;
        calls.push(async move { get(server, &format!("/cards{poll}.png")).await });
    }

    let refused = loop {
        let answer = calls.next().await.expect("all were drawn");
        if answer.status() != 200 {
            break answer;
        }
    };

    assert!(header(&refused, "retry-after").parse::<u32>().unwrap() > 0);
    assert_problem(refused, 429, "too-many-pictures").await;
}

#[tokio::test]
async fn what_is_not_there_has_no_card() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (path, kind) in [
        ("/cards/party/457495738.png", "unknown-party"),
        ("/cards/party/x.png", "unknown-party"),
        ("/cards/party/457495738", "unknown-card"),
        ("/cards/party/..%2f..%2fetc%2fpasswd.png", "unknown-party"),
        ("/cards/poll/k7m2q9xwtb.png", "unknown-document"),
        ("/cards/poll/%3Csvg%3E.png", "unknown-document"),
        ("/cards/poll/.png", "unknown-document"),
    ] {
        assert_problem(get(&server, path).await, 404, kind).await;
    }
    assert_eq!(get(&server, "/cards/mail.png").await.status(), 404);
    let page = get(&server, "/party/457495738").await.text().await.unwrap();
    assert_eq!(
        said(&page, "og:image"),
        Some(&*server.url("/cards/world.png"))
    );
}

#[tokio::test]
async fn hostile_texts_are_but_texts() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let long = "Ẁ".repeat(200);

    for question in [
        "\"><script>alert(1)</script>",
        "&x;<![CDATA[",
        "いつ飛ぶ？",
        &long,
    ] {
        let path = ask(&server, "Ann", question).await;

        let card = get(&server, &format!("/cards{path}.png")).await;
        assert!(card.bytes().await.unwrap().starts_with(PNG), "{question}");
        let page = get(&server, &path).await.text().await.unwrap();
        assert!(!page.contains("<script>alert"));
    }
}

#[tokio::test]
async fn one_host_may_be_canonical_for_all_regions() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("CANONICAL_URL", "https://murmuration.example/");
    let server = setup.start().await;

    let page = get(&server, "/draw?seen=1").await.text().await.unwrap();

    let canonical = "https://murmuration.example/draw";
    assert_eq!(said(&page, "canonical"), Some(canonical));
    let card = "https://murmuration.example/cards/world.png";
    assert_eq!(said(&page, "og:image"), Some(card));
    let ended = Setup::new("ord", &redis)
        .with("CANONICAL_URL", "/here")
        .run()
        .await;
    assert!(ended.log.contains("CANONICAL_URL"), "{}", ended.log);
}

#[tokio::test]
async fn the_site_can_be_installed() {
    let redis = start_redis().await;
    let public = concat!(env!("CARGO_MANIFEST_DIR"), "/../public");
    let setup = Setup::new("ord", &redis).with("LEPTOS_SITE_ROOT", public);
    let server = setup.start().await;

    let page = get(&server, "/").await;
    assert!(header(&page, "content-security-policy").contains("manifest-src 'self'"));
    let page = page.text().await.unwrap();
    assert_eq!(
        said(&page, "manifest").unwrap_or_default(),
        "/manifest.webmanifest"
    );
    let manifest = get(&server, "/manifest.webmanifest").await;
    assert_eq!(
        header(&manifest, "content-type"),
        "application/manifest+json"
    );
    assert_eq!(header(&manifest, "cache-control"), "public, max-age=3600");
    let manifest = json(manifest).await;

    let mut icons = vec!["/apple-touch-icon.png"];
    let named = manifest["icons"].as_array().unwrap().iter();
    icons.extend(named.map(|icon| icon["src"].as_str().unwrap()));
    assert_eq!(icons.len(), 4);
    for icon in icons {
        let answer = get(&server, icon).await;
        assert_eq!(header(&answer, "content-type"), "image/png", "{icon}");
    }
}
