//! Mail over REST: what is sent is stored, once, and read by its owner.

use crate::support::{
    Server, Setup, assert_problem, eventually, json, letters, start_redis, texts, visitor,
};
use edge::testing::Proxy;
use futures::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn the_same_three_calls_work_at_every_region() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let syd = Server::start("syd", &redis).await;
    let call = async |server: &Server, body: &'static str| {
        let call = server.post("/api/messages").body(body);
        let call = call.header("content-type", "application/json");
        call.send().await.unwrap()
    };

    for server in [&ord, &fra, &syd] {
        let near = call(server, r#"{"message":"123","to":"1-user","from":"1-user"}"#).await;
        let far = call(server, r#"{"message":"123","to":"2-user","from":"1-user"}"#).await;
        let nowhere = call(server, r#"{"message":"123","to":"4-user","from":"1-user"}"#).await;

        for (answer, to) in [(near, "ord-user"), (far, "fra-user")] {
            assert_eq!(answer.status(), 201);
            assert_eq!(answer.headers()["cache-control"], "no-store");
            assert_sent(&json(answer).await, to, "ord-user");
        }
        let problem = assert_problem(nowhere, 404, "unknown-place").await;
        assert!(
            problem["detail"].as_str().unwrap().contains("`4`"),
            "{problem}"
        );
    }
}

fn assert_sent(sent: &Value, to: &str, from: &str) {
    let id = sent["id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!((&sent["to"], &sent["from"]), (&json!(to), &json!(from)));
    assert_eq!(sent["status"], "delivered");
    assert!(sent["sent_at"].as_str().unwrap().ends_with('Z'), "{sent}");
    assert_eq!(sent["unclaimed"], true);
    assert_eq!(sent.as_object().unwrap().len(), 6);
}

#[tokio::test]
async fn what_is_sent_anywhere_is_read_everywhere_oldest_first() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let token = ord.claim("fra-finch").await;

    let mut sent = Vec::new();
    for (server, text) in [(&ord, "one"), (&fra, "two"), (&ord, "three")] {
        sent.push(json(server.mail(text, "2-finch", "ord-wren").await).await);
    }

    for server in [&ord, &fra] {
        let page = server.inbox_page(&token, "2-Finch", "").await;
        assert_eq!(texts(&page), ["one", "two", "three"]);
        for (message, sent) in page["messages"].as_array().unwrap().iter().zip(&sent) {
            for field in ["id", "to", "from", "sent_at"] {
                assert_eq!(message[field], sent[field], "{field}");
            }
            assert_eq!(message["verified"], false);
            assert_eq!(message.as_object().unwrap().len(), 7);
        }
        assert_eq!(page["next"], page["messages"][2]["cursor"]);
        assert_eq!(page["more"], false);
    }
}

#[tokio::test]
async fn pages_follow_each_other_however_much_comes_meanwhile() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let token = server.claim("ord-ann").await;
    let empty = server.inbox_page(&token, "ord-ann", "").await;
    assert_eq!(
        empty,
        json!({ "messages": [], "next": null, "more": false })
    );
    for number in 0..5 {
        server.mail(&number.to_string(), "ord-ann", "fra-bob").await;
    }

    let first = server.inbox_page(&token, "ord-ann", "&limit=2").await;
    server.mail("5", "ord-ann", "fra-bob").await;
    let again = server.inbox_page(&token, "ord-ann", "&limit=2").await;
    let after = |page: &Value| format!("&limit=2&after={}", page["next"].as_str().unwrap());
    let second = server.inbox_page(&token, "ord-ann", &after(&first)).await;
    let third = server.inbox_page(&token, "ord-ann", &after(&second)).await;
    let fourth = server.inbox_page(&token, "ord-ann", &after(&third)).await;

    assert_eq!(first, again);
    assert_eq!(
        (texts(&first), &first["more"]),
        (vec!["0".into(), "1".into()], &json!(true))
    );
    assert_eq!(texts(&second), ["2", "3"]);
    assert_eq!(
        (texts(&third), &third["more"]),
        (vec!["4".into(), "5".into()], &json!(false))
    );
    assert!(texts(&fourth).is_empty());
    assert_eq!(fourth["next"], third["next"], "what to ask with later");
    server.mail("6", "ord-ann", "fra-bob").await;
    let later = server.inbox_page(&token, "ord-ann", &after(&fourth)).await;
    assert_eq!(texts(&later), ["6"]);
}

#[tokio::test]
async fn a_key_sends_one_message_and_gives_one_answer() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let token = ord.claim("ord-ann").await;
    let send = async |server: &Server, text: &str, from: &str| {
        let letter = server.letter(text, "ord-ann", from);
        letter
            .header("idempotency-key", "the-key")
            .send()
            .await
            .unwrap()
    };

    let calls = (0..20).map(|at| send([&ord, &fra][at % 2], "hello", "fra-bob"));
    let mut answers = Vec::new();
    for answer in join_all(calls).await {
        assert_eq!(answer.status(), 201);
        answers.push(json(answer).await);
    }
    answers.push(json(send(&ord, "hello", "fra-bob").await).await);

    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(fra.inbox(&token, "ord-ann").await, ["hello"]);
    let other = send(&fra, "something else", "fra-bob").await;
    assert_problem(other, 422, "key-reused").await;
    let of_another = send(&fra, "something else", "fra-cid").await;
    assert_eq!(of_another.status(), 201, "another sender's key");
    assert_eq!(
        ord.inbox(&token, "ord-ann").await,
        ["hello", "something else"]
    );
}

#[tokio::test]
async fn without_a_key_each_call_is_a_message() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let token = server.claim("ord-ann").await;

    let answers = join_all((0..20).map(|_| server.mail("same", "ord-ann", "fra-bob"))).await;

    assert!(answers.iter().all(|answer| answer.status() == 201));
    assert_eq!(server.inbox(&token, "ord-ann").await, vec!["same"; 20]);
}

#[tokio::test]
async fn what_was_answered_survives_the_kill_of_its_instance() {
    let redis = start_redis().await;
    let mut ord = Server::start("ord", &redis).await;
    let token = ord.claim("fra-ann").await;
    assert_eq!(
        ord.mail("still here", "fra-ann", "ord-bob").await.status(),
        201
    );

    ord.kill();

    let fra = Server::start("fra", &redis).await;
    assert_eq!(fra.inbox(&token, "fra-ann").await, ["still here"]);
}

#[tokio::test]
async fn a_mailbox_keeps_so_many_and_the_oldest_go_first() {
    let redis = start_redis().await;
    let setup = crate::support::Setup::new("ord", &redis).with("MAIL_UNVERIFIED_KEPT", "10");
    let server = setup.start().await;
    let token = server.claim("ord-ann").await;

    for number in 0..25 {
        server.mail(&number.to_string(), "ord-ann", "fra-bob").await;
    }

    let kept: Vec<_> = (15..25).map(|number| number.to_string()).collect();
    assert_eq!(server.inbox(&token, "ord-ann").await, kept);
}

#[tokio::test]
async fn a_sender_who_hangs_up_halfway_still_has_their_copy() {
    let redis = start_redis().await;
    let slow = Proxy::start(&redis.url()).unwrap();
    let setup = Setup::new("ord", &redis).with("REDIS_URL", &slow.url());
    let ord = setup.patient().start().await;
    let fra = Server::start("fra", &redis).await;
    let (wren, finch) = (visitor(&ord, "wren").await, visitor(&fra, "finch").await);
    let letter = |text: &str| {
        let letter = ord.letter(text, "fra-finch", "ord-wren");
        letter
            .header("cookie", &wren)
            .header("origin", ord.origin())
    };
    // From here on Redis knows the scripts: each step is one call.
    assert_eq!(letter("One").send().await.unwrap().status(), 201);
    // For so long, Redis has stored the letter and the server does not know.
    slow.delay(Duration::from_millis(300));
    let sending = tokio::spawn(letter("Two").send());
    let arrived = async || letters(&fra, &finch, "ord-wren").await == ["One", "Two"];
    eventually("the letter in the recipient's mailbox", arrived).await;

    sending.abort();

    let copied = async || letters(&fra, &wren, "fra-finch").await == ["One", "Two"];
    eventually("the sender's own copy", copied).await;
}
