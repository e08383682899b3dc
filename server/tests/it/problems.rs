//! Errors: problem details for programs, a page for people.

use crate::support::{Server, json, raw, start_redis};

#[tokio::test]
async fn unknown_paths_are_problems() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for path in [
        "/nowhere",
        "/api/nowhere",
        "/api/world/",
        "/index.html",
        "/pkg/none.js",
    ] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem = json(answer).await;
        assert_eq!(problem["status"], 404);
        assert_eq!(problem["type"], "about:blank");
        assert!(!problem["title"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_person_who_adds_a_slash_gets_to_the_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cases = [
        ("/mail/", 308, "/mail"),
        ("/party/?sent=1", 308, "/party?sent=1"),
        ("/draw/", 308, "/draw"),
        ("//evil.example/", 404, ""),
    ];

    for (path, status, target) in cases {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n"
        );
        let answer = raw(&server, request.as_bytes()).await;
        let start = format!("HTTP/1.1 {status}");
        assert!(answer.starts_with(&start), "{path}: {answer}");
        let location = answer
            .lines()
            .find_map(|line| line.strip_prefix("location: "));
        assert_eq!(location.unwrap_or_default(), target, "{path}");
    }
}

#[tokio::test]
async fn wrong_methods_are_told_the_right_ones() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cases = [
        ("POST", "/", "GET,HEAD"),
        ("POST", "/api/world", "GET,HEAD"),
        ("GET", "/api/clicks", "POST"),
        ("DELETE", "/clicks", "POST"),
        ("PUT", "/nowhere.css", "GET,HEAD"),
    ];

    for (method, path, allow) in cases {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let answer = raw(&server, request.as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 405"),
            "{method} {path}: {answer}"
        );
        let listed = answer.lines().find_map(|line| line.strip_prefix("allow: "));
        assert_eq!(listed, Some(allow), "{method} {path}");
        assert!(answer.contains("application/problem+json"), "{answer}");
    }
}

#[tokio::test]
async fn a_person_gets_a_page_about_the_problem() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";

    let answer = server.get("/nowhere/<script>").header("accept", browser);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let page = answer.text().await.unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("href=\"/\""),
        "{page}"
    );
    assert!(!page.contains("nowhere"), "{page}");

    let answer = server.submit("by", "<b>").header("accept", browser);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 422);
    assert!(!answer.text().await.unwrap().contains("<b>"));
}

#[tokio::test]
async fn a_page_about_the_problem_leads_to_the_part_of_the_site_that_it_is_in() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (path, status, words, way) in [
        (
            "/mail/zzz",
            400,
            "An address is a region and a name",
            "href=\"/mail\">Back to Mail",
        ),
        (
            "/mail/xyz-foo",
            404,
            "There is no region xyz.",
            "href=\"/mail\">Back to Mail",
        ),
        (
            "/poll/zzz",
            404,
            "<h1>Poll not found</h1>",
            "href=\"/poll\">Back to Poll",
        ),
    ] {
        let answer = server.get(path).header("accept", "text/html");
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(words) && page.contains(way), "{path}: {page}");
    }
}

#[tokio::test]
async fn problems_are_whole_however_they_are_compressed() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for encoding in ["br", "gzip", "identity"] {
        let call = server
            .post("/api/clicks")
            .header("accept-encoding", encoding);
        let answer = call
            .header("content-type", "application/json")
            .body("x")
            .send()
            .await
            .unwrap();
        let packed = answer.headers().get("content-encoding").cloned();
        let body = answer.bytes().await.unwrap();
        // This client unpacks nothing that it did not ask for itself.
        assert_eq!(packed, None, "{encoding}: {body:?}");
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&body).unwrap()["status"],
            422
        );
    }
}

#[tokio::test]
async fn a_problem_without_a_body_for_head() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let answer = raw(
        &server,
        b"HEAD /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .await;

    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn the_live_address_without_a_socket_says_what_it_speaks() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let answer = server.get("/live").send().await.unwrap();

    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let title = json(answer).await["title"].take();
    assert_eq!(title, "This address accepts only WebSocket connections");
}
