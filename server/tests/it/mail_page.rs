//! The pages of mail: what they show, to whom, and what they never hold.

use crate::support::{Server, Tab, assert_problem, form, handed_over, json, start_redis, visitor};
use serde_json::json;

async fn page(server: &Server, path: &str, cookie: &str) -> String {
    let answer = server
        .get(path)
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
    answer.text().await.unwrap()
}

/// What a person reads of a page: its body.
fn body(page: &str) -> &str {
    page.split_once("<body>").unwrap().1
}

#[tokio::test]
async fn a_visitor_without_a_name_is_asked_for_one() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let page = page(&server, "/mail", "").await;

    for part in [
        "Choose a name",
        "Chicago",
        "ord-",
        "10,000 letters",
        "30 days",
        r#"<meta name="robots" content="noindex">"#,
    ] {
        assert!(
            body(&page).contains(part) || page.contains(part),
            "{part}: {page}"
        );
    }
    assert!(page.contains(">Mail<"));
}

#[tokio::test]
async fn mailbox_and_conversation_read_without_a_script() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = visitor(&server, "wren").await;
    server
        .mail("Fancy a flight?", "ord-wren", "fra-finch")
        .await;
    server.mail("Tomorrow, then", "ord-wren", "fra-finch").await;

    let mailbox = page(&server, "/mail", &wren).await;
    for part in [
        "ord-wren",
        "fra-finch",
        "Frankfurt",
        "Tomorrow, then",
        "unverified",
        "2 letters unread",
        " unread",
    ] {
        assert!(body(&mailbox).contains(part), "{part}: {mailbox}");
    }

    let open = page(&server, "/mail/fra-finch", &wren).await;
    for part in [
        "Fancy a flight?",
        "Tomorrow, then",
        "<time",
        " UTC",
        r#"action="/mail/fra-finch""#,
    ] {
        assert!(body(&open).contains(part), "{part}: {open}");
    }
    let mailbox = page(&server, "/mail", &wren).await;
    assert!(!body(&mailbox).contains("letters unread"), "it was seen");
}

#[tokio::test]
async fn older_letters_are_a_link_away_and_lose_none() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = visitor(&server, "wren").await;
    for number in 0..60 {
        server
            .mail(&format!("letter {number}."), "ord-wren", "fra-finch")
            .await;
    }

    let newest = page(&server, "/mail/fra-finch", &wren).await;
    let (_, link) = newest.split_once(r#"href="?before="#).unwrap();
    let before = link.split_once('"').unwrap().0;
    let older = page(&server, &format!("/mail/fra-finch?before={before}"), &wren).await;

    for number in 0..60 {
        let letter = format!("letter {number}.");
        assert!(
            body(&newest).contains(&letter) || body(&older).contains(&letter),
            "{letter}"
        );
    }
    assert!(body(&older).contains("Go to the newest"));
    let part = server.get(&format!("/mail/fra-finch/letters?before={before}"));
    let part = json(part.header("cookie", &wren).send().await.unwrap()).await;
    assert_eq!(part["letters"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn nobody_else_sees_anything() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = visitor(&server, "wren").await;
    let robin = visitor(&server, "robin").await;
    server.mail("for wren alone", "ord-wren", "fra-finch").await;

    for cookie in ["", robin.as_str()] {
        for path in ["/mail", "/mail/fra-finch", "/mail/ord-wren"] {
            assert!(
                !page(&server, path, cookie).await.contains("for wren alone"),
                "{path}"
            );
        }
        for path in ["/mail/conversations", "/mail/fra-finch/letters"] {
            let answer = server
                .get(path)
                .header("cookie", cookie)
                .send()
                .await
                .unwrap();
            assert!(
                !answer.text().await.unwrap().contains("for wren alone"),
                "{path}"
            );
        }
    }
    let nobody = server.get("/mail/conversations").send().await.unwrap();
    assert_problem(nobody, 401, "not-owner").await;
    assert!(
        page(&server, "/mail/fra-finch", &wren)
            .await
            .contains("for wren alone")
    );
}

#[tokio::test]
async fn no_secret_is_in_a_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = visitor(&server, "wren").await;
    let device = &wren[wren.len() - 32..];

    for path in ["/mail", "/mail/fra-finch"] {
        let page = page(&server, path, &wren).await;
        // A token begins so; names of styles go on with another underscore.
        let mut tokens = page.split("mail_").skip(1);
        assert!(
            !page.contains(device) && tokens.all(|rest| rest.starts_with('_')),
            "{page}"
        );
    }
}

#[tokio::test]
async fn hostile_text_is_text() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = visitor(&server, "wren").await;
    let hostile = "</bdi></li><script>alert(1)</script>\u{202e}\0\u{1b}[31m<!--&lt;\r\n\u{10ffff}";
    server.mail(hostile, "ord-wren", "fra-finch").await;

    for path in ["/mail", "/mail/fra-finch"] {
        let page = page(&server, path, &wren).await;
        let body = body(&page);
        assert!(!page.contains("<script>alert"), "{path}");
        assert!(
            body.contains("&lt;script&gt;alert(1)&lt;/script&gt;\u{202e}␀␛[31m&lt;!--&amp;lt;"),
            "{path}: {body}"
        );
        assert!(!body.contains('\0') && !body.contains('\u{1b}'), "{path}");
    }
    let page = page(&server, "/mail/fra-finch", &wren).await;
    let handed = &handed_over(&page)["state"]["conversation"]["letters"][0]["message"]["message"];
    assert_eq!(handed, hostile);

    let draft = "</textarea><script>alert(2)</script>";
    let answer = form(
        &server,
        "/mail/send",
        &format!("to=x&message={draft}"),
        &wren,
    )
    .await;
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("&lt;/textarea&gt;") && !page.contains("<script>alert"),
        "{page}"
    );
}

#[tokio::test]
async fn the_socket_tells_a_mailbox_to_its_owner_alone() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let wren = visitor(&server, "wren").await;
    let robin = visitor(&server, "robin").await;
    let mut own = Tab::open_as(&server, "own", &wren).await;
    let mut other = Tab::open_as(&server, "other", &robin).await;

    own.watch("mailbox", Some("ord-wren")).await;
    other.watch("mailbox", Some("ord-wren")).await;
    let denied = other.hear_a("unwatched").await;
    other.watch("mailbox", Some("ord-robin")).await;

    assert_eq!(
        (&denied["key"], &denied["problem"]["status"]),
        (&json!("ord-wren"), &json!(403))
    );
    let first = own.hear_a("mailbox").await;
    assert_eq!(
        (&first["address"], &first["letters"]),
        (&json!("ord-wren"), &json!([]))
    );
    server.mail("hello", "ord-wren", "fra-finch").await;
    let news = loop {
        let news = own.hear_a("mailbox").await;
        if news["letters"] != json!([]) {
            break news;
        }
    };
    assert_eq!(news["letters"][0]["message"]["message"], "hello");
    assert_eq!(news["unread"], json!([{ "with": "fra-finch", "count": 1 }]));
    assert_eq!(other.hear_a("mailbox").await["address"], "ord-robin");
}
