//! Mail between clusters.

use crate::support::{Server, eventually, json, two_clusters};
use serde_json::json;

/// Waits until a mailbox says that, in this order.
async fn until_inbox(server: &Server, token: &str, address: &str, texts: &[&str]) {
    eventually("the mail of another cluster", async || {
        server.inbox(token, address).await == texts
    })
    .await;
}

/// What waits for other clusters, of an address that `server` owns.
async fn notices(server: &Server, token: &str, address: &str) -> Vec<String> {
    server.inbox(token, address).await
}

#[tokio::test]
async fn mail_goes_both_ways() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    let moon = starlings.start(&[&larks]).await;
    let wren = ord.claim("ord-wren").await;
    let ann = moon.claim("moon-ann").await;

    let sent = ord
        .mail_as(&wren, "Fancy a flight?", "moon-ann", "ord-wren")
        .await;
    assert_eq!(sent["status"], "queued");
    until_inbox(&moon, &ann, "moon-ann", &["Fancy a flight?"]).await;
    moon.mail_as(&ann, "Gladly!", "ord-wren", "moon-ann").await;
    until_inbox(&ord, &wren, "ord-wren", &["Gladly!"]).await;

    let page = moon.inbox_page(&ann, "moon-ann", "").await;
    let letter = &page["messages"][0];
    assert_eq!(
        (&letter["id"], &letter["sent_at"]),
        (&sent["id"], &sent["sent_at"])
    );
    assert_eq!(letter["from"], "ord-wren");
    assert_eq!(letter["verified"], true);
    eventually("an empty outbox", async || {
        larks.waiting_for("starlings").await == 0
    })
    .await;
}

#[tokio::test]
async fn another_clusters_region_answers_at_its_echo() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    let _moon = starlings.start(&[&larks]).await;
    let wren = ord.claim("ord-wren").await;

    ord.mail_as(&wren, "Anybody there?", "moon-echo", "ord-wren")
        .await;

    eventually("an answer", async || {
        let inbox = ord.inbox(&wren, "ord-wren").await;
        inbox.len() == 1 && inbox[0].starts_with("Hello from Somewhere (moon). Instance moon-")
    })
    .await;
}

#[tokio::test]
async fn who_nobody_has_claimed_is_not_verified_over_there_either() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    let moon = starlings.start(&[&larks]).await;
    let ann = moon.claim("moon-ann").await;

    assert_eq!(ord.mail("hi", "moon-ann", "ord-anyone").await.status(), 201);
    until_inbox(&moon, &ann, "moon-ann", &["hi"]).await;

    let page = moon.inbox_page(&ann, "moon-ann", "").await;
    assert_eq!(page["messages"][0]["verified"], false);
}

#[tokio::test]
async fn a_cluster_tells_its_name_its_key_and_its_places() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;

    let told = json(ord.get("/api/federation").send().await.unwrap()).await;

    let expected = json!({
        "name": "larks", "public_key": larks.keys.public, "places": ["ord"]
    });
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_is_sent_while_the_other_is_down_comes_in_order_once_it_is_up() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    let moon = starlings.setup(&[&larks]).start().await;
    let ann = moon.claim("moon-ann").await;
    let texts: Vec<_> = (0..30).map(|number| format!("{number:02}")).collect();
    for text in &texts {
        assert_eq!(ord.mail(text, "moon-ann", "ord-anyone").await.status(), 201);
    }
    eventually("a try that fails", async || {
        ord.log().contains("cannot be reached")
    })
    .await;

    starlings.gate.lead_to(moon.address);

    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    until_inbox(&moon, &ann, "moon-ann", &texts).await;
    assert_eq!(starlings.letters("moon-ann").await, 30);
}

#[tokio::test]
async fn a_peer_that_hangs_does_not_slow_local_mail() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    let wren = ord.claim("ord-wren").await;
    starlings.gate.get_stuck();
    assert_eq!(
        ord.mail("far", "moon-ann", "ord-anyone").await.status(),
        201
    );
    eventually("a call that hangs", async || starlings.gate.calls() > 0).await;
    let calls = starlings.gate.calls();

    for number in 0..20 {
        let near = ord
            .mail(&format!("{number}"), "ord-wren", "ord-anyone")
            .await;
        assert_eq!(json(near).await["status"], "delivered");
        let far = ord.mail("far", "moon-ann", "ord-anyone").await;
        assert_eq!(json(far).await["status"], "queued");
    }

    assert_eq!(ord.inbox(&wren, "ord-wren").await.len(), 20);
    assert_eq!(starlings.gate.calls(), calls, "the call hangs still");
    assert_eq!(larks.waiting_for("starlings").await, 21);
}

#[tokio::test]
async fn what_cannot_be_sent_in_time_becomes_a_notice() {
    let (larks, starlings) = two_clusters().await;
    let setup = larks.setup(&[&starlings]).with("MAIL_OUTBOX_SECONDS", "1");
    let ord = setup.start().await;
    let wren = ord.claim("ord-wren").await;

    ord.mail_as(&wren, "hi", "moon-ann", "ord-wren").await;

    eventually("a notice", async || {
        !notices(&ord, &wren, "ord-wren").await.is_empty()
    })
    .await;
    let page = ord.inbox_page(&wren, "ord-wren", "").await;
    let notice = &page["messages"][0];
    assert_eq!(notice["from"], "ord-postmaster");
    let text = notice["message"].as_str().unwrap();
    for part in ["moon-ann", "starlings", "was not delivered"] {
        assert!(text.contains(part), "{text}");
    }
    eventually("an empty outbox", async || {
        larks.waiting_for("starlings").await == 0
    })
    .await;
}

#[tokio::test]
async fn what_the_other_refuses_becomes_a_notice() {
    let (larks, starlings) = two_clusters().await;
    // The lists disagree: `mars` is nobody's, for all that starlings knows.
    let peers = starlings
        .as_peer()
        .replace("[\"moon\"]", "[\"moon\", \"mars\"]");
    let ord = larks.setup_with(&peers).start().await;
    let moon = starlings.start(&[&larks]).await;
    let (wren, ann) = (ord.claim("ord-wren").await, moon.claim("moon-ann").await);

    ord.mail_as(&wren, "hi", "mars-eve", "ord-wren").await;
    ord.mail_as(&wren, "hello", "moon-ann", "ord-wren").await;

    until_inbox(&moon, &ann, "moon-ann", &["hello"]).await;
    eventually("a notice", async || {
        let notices = notices(&ord, &wren, "ord-wren").await;
        notices.len() == 1 && notices[0].contains("mars-eve")
    })
    .await;
}

#[tokio::test]
async fn a_key_made_of_the_shared_secret_does_as_well() {
    let (larks, mut starlings) = two_clusters().await;
    let secret = "not a secret at all, but long enough";
    let derived = starlings.setup(&[&larks]).with("FEDERATION_KEY", "");
    let moon = derived.with("SECRET_KEY", secret).start().await;
    starlings.gate.lead_to(moon.address);
    let told = json(moon.get("/api/federation").send().await.unwrap()).await;
    starlings.keys.public = told["public_key"].as_str().unwrap().to_owned();
    let ord = larks.start(&[&starlings]).await;
    let wren = ord.claim("ord-wren").await;

    assert_eq!(moon.mail("hi", "ord-wren", "moon-ann").await.status(), 201);

    until_inbox(&ord, &wren, "ord-wren", &["hi"]).await;
}

#[tokio::test]
async fn all_instances_have_the_key_that_redis_keeps() {
    let (larks, starlings) = two_clusters().await;
    let setup = larks.setup(&[&starlings]).with("FEDERATION_KEY", "");
    let (one, other) = tokio::join!(setup.start(), setup.start());

    let key = async |server: &Server| {
        let told = server.get("/api/federation").send().await.unwrap();
        json(told).await["public_key"].clone()
    };

    assert_eq!(key(&one).await, key(&other).await);
}
