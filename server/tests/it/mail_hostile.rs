//! Whatever a message says is stored and given back as it is, or refused by the name of its field.

use crate::support::{Server, Setup, assert_problem, start_redis};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

/// A server to which anyone sends as much as they like.
async fn patient(redis: &edge::testing::RedisServer) -> Server {
    let setup = Setup::new("ord", redis).with("MESSAGES_PER_MINUTE", "1000000");
    let setup = setup.with("MAIL_FROM_PER_MINUTE", "1000000");
    setup.with("MAIL_TO_PER_MINUTE", "1000000").start().await
}

/// Texts that have done harm somewhere.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "<script>alert(1)</script>",
        "</script><!--<img src=x onerror=alert(1)>",
        "\"'`;--\\ %s %n ${7*7} {{7*7}} $(id) ../../etc/passwd",
        "a\0b\u{1}\u{8}\u{b}\u{c}\u{1b}[31m\u{7f}\u{85}\u{9f}",
        "line\r\nbreak\nSet-Cookie: x=1\r\n\r\n",
        "\u{202e}right to left\u{202c} \u{2066}isolate\u{2069} \u{200f}\u{200b}\u{feff}",
        "\u{2028}lines\u{2029}",
        "e\u{301}\u{301}\u{301} é nfd and nfc",
        "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 \u{fffe}\u{ffff}\u{fdd0}\u{10ffff}\u{fffd}",
        " \u{2003}spaces around \n",
        "{\"message\":\"inner\"}",
        "*3\r\n$3\r\nDEL\r\n",
    ]
    .map(str::to_owned)
    .into();
    // Two of each plane, its first and its last among them.
    for plane in 0..=0x10_u32 {
        let ends = [0x21, 0x1234, 0xffff].map(|low| char::from_u32(plane << 16 | low).unwrap());
        texts.push(ends.iter().collect());
    }
    texts.push("x".repeat(4096));
    texts.push("é".repeat(2048));
    texts.push("\u{1}".repeat(4095) + ".");
    texts.push("😀".repeat(1024));
    texts
}

#[tokio::test]
async fn every_text_comes_back_as_it_was_sent() {
    let redis = start_redis().await;
    let server = patient(&redis).await;
    let token = server.claim("ord-ann").await;
    let texts = hostile();

    for text in &texts {
        let sent = server.mail(text, "ord-ann", "fra-bob").await;
        assert_eq!(sent.status(), 201, "{text:?}");
        assert!(
            !sent.text().await.unwrap().contains("message"),
            "it is not repeated"
        );
    }

    assert_eq!(server.inbox(&token, "ord-ann").await, texts);
    let export = server
        .get("/api/messages/export?address=ord-ann")
        .bearer_auth(&token);
    let export = export.send().await.unwrap().text().await.unwrap();
    let exported = export.split_terminator('\n').map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["message"].as_str().unwrap().to_owned()
    });
    assert_eq!(exported.collect::<Vec<_>>(), texts);
}

#[tokio::test]
async fn escapes_of_every_kind_are_the_text_they_stand_for() {
    let redis = start_redis().await;
    let server = patient(&redis).await;
    let token = server.claim("ord-ann").await;
    // As long as a body of 4 KiB of text can be.
    let escaped = "\\u002e".repeat(4096);

    for message in [r"\ud83d\ude00\u0000\/\b", &escaped] {
        let body = format!(r#"{{"message":"{message}","to":"\u006frd-ann","from":"fra-bob"}}"#);
        let answer = raw(&server, body.into_bytes()).await;
        assert_eq!(answer.status(), 201);
    }

    let got = server.inbox(&token, "ord-ann").await;
    assert_eq!(got, ["😀\0/\u{8}".to_owned(), ".".repeat(4096)]);
}

async fn raw(server: &Server, body: Vec<u8>) -> reqwest::Response {
    let call = server.post("/api/messages").body(body);
    let call = call.header("content-type", "application/json");
    call.send().await.unwrap()
}

#[tokio::test]
async fn messages_that_are_none_are_refused_by_name() {
    let redis = start_redis().await;
    let server = patient(&redis).await;
    let token = server.claim("ord-ann").await;

    for empty in ["", " ", "\n\t\u{2003}\u{85}"] {
        let answer = server.mail(empty, "ord-ann", "fra-bob").await;
        let problem = assert_problem(answer, 422, "bad-body").await;
        assert!(problem["detail"].as_str().unwrap().contains("`message`"));
    }
    for long in ["x".repeat(4097), "é".repeat(2049), "x".repeat(30_000)] {
        let answer = server.mail(&long, "ord-ann", "fra-bob").await;
        let problem = assert_problem(answer, 413, "message-too-long").await;
        assert!(problem["detail"].as_str().unwrap().contains("`message`"));
    }
    for longer in [40_000, 1_000_000] {
        let answer = server.mail(&"x".repeat(longer), "ord-ann", "fra-bob").await;
        assert_problem(answer, 413, "too-large").await;
    }

    assert!(server.inbox(&token, "ord-ann").await.is_empty());
}

#[tokio::test]
async fn what_is_no_text_is_refused_by_name_in_every_field() {
    let redis = start_redis().await;
    let server = patient(&redis).await;
    let token = server.claim("ord-ann").await;
    let body = |field: &str, value: &[u8]| {
        let fields = [("message", "hi"), ("to", "ord-ann"), ("from", "fra-bob")];
        let mut body = b"{".to_vec();
        for (at, (name, usual)) in fields.iter().enumerate() {
            body.extend(if at == 0 { &b"\""[..] } else { b",\"" });
            body.extend(name.bytes());
            body.extend(b"\":\"");
            body.extend(if *name == field {
                value
            } else {
                usual.as_bytes()
            });
            body.push(b'"');
        }
        body.push(b'}');
        body
    };
    assert_eq!(raw(&server, body("none", b"")).await.status(), 201);

    for field in ["message", "to", "from"] {
        for value in [
            &b"\xff"[..],
            b"caf\xe9",
            b"\xc0\x80",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\xe2\x82",
            br"\ud800",
            br"\udfff",
            br"\ude00\ud83d",
            br"\ud83dx",
        ] {
            let problem = raw(&server, body(field, value)).await;
            let problem = assert_problem(problem, 422, "bad-body").await;
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains(&format!("`{field}`")),
                "{value:?}: {detail}"
            );
        }
    }
    // Control characters stand in JSON as escapes alone.
    let bare = raw(&server, body("message", b"a\0b\nc")).await;
    assert_problem(bare, 422, "bad-body").await;

    assert_eq!(server.inbox(&token, "ord-ann").await, ["hi"]);
}

#[tokio::test]
async fn addresses_that_are_none_are_refused_by_name_and_not_quoted() {
    let redis = start_redis().await;
    let server = patient(&redis).await;
    let bad = [
        "",
        "hunter2",
        "-hunter2",
        "ord-",
        "ord-hunter2 x",
        "ord-hunter2\0",
        "ord-\u{202e}hunter2",
        "ord-hünter2",
        "örd-hunter2",
        "ord-<b>hunter2",
        "ord-hunter2\nx",
        "ord-hunter2@x",
        "ord-%41",
        "ord-hunter2\u{0}",
        "оrd-hunter2",
        "ord–hunter2",
        "ord-ｈunter2",
        "{mail:x}-hunter2:1",
    ];
    let long = format!("ord-{}", "x".repeat(33));
    let longer = format!("{}-ann", "x".repeat(5_000));

    for address in bad.iter().copied().chain([&long[..], &longer]) {
        for field in ["to", "from"] {
            let mut body = json!({ "message": "hi", "to": "ord-ann", "from": "fra-bob" });
            body[field] = address.into();
            let answer = server
                .post("/api/messages")
                .json(&body)
                .send()
                .await
                .unwrap();
            let problem = assert_problem(answer, 422, "bad-body").await;
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains(&format!("`{field}`")),
                "{address:?}: {detail}"
            );
            assert!(!detail.contains("hunter2"), "{detail}");
        }
        for path in ["/api/messages", "/api/messages/export"] {
            let encoded: String = byte_serialize(address.as_bytes()).collect();
            let call = server.get(&format!("{path}?address={encoded}"));
            let problem = assert_problem(call.send().await.unwrap(), 400, "bad-query").await;
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains("`address`") && !detail.contains("hunter2"),
                "{detail}"
            );
        }
    }
}

#[tokio::test]
async fn queries_that_cannot_be_used_name_their_field() {
    let redis = start_redis().await;
    let server = patient(&redis).await;
    let token = server.claim("ord-ann").await;

    for (query, field) in [
        ("&limit=0", "`limit`"),
        ("&limit=201", "`limit`"),
        ("&limit=x", "`limit`"),
        ("&limit=1&limit=1", "`limit`"),
        ("&after=", "`after`"),
        ("&after=5", "`after`"),
        ("&after=$", "`after`"),
        ("&after=-1-1", "`after`"),
        ("&after=99999999999999999999-0", "`after`"),
        ("&after=1-1&after=1-1", "`after`"),
        ("&address=ord-ann", "`address`"),
    ] {
        let answer = server.try_inbox(&token, "ord-ann", query).await;
        let problem = assert_problem(answer, 400, "bad-query").await;
        assert!(
            problem["detail"].as_str().unwrap().contains(field),
            "{query}"
        );
    }
    for query in [
        "&limit=1",
        "&limit=200",
        "&after=0-0",
        "&after=999999999999999-999999999999999",
    ] {
        assert_eq!(
            server.try_inbox(&token, "ord-ann", query).await.status(),
            200,
            "{query}"
        );
    }
}
