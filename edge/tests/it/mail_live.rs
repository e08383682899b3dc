//! What sessions hear of the mailbox that they show.

use crate::support::{
    AnyRedis, MailPage, Truth, address, all_ready, claim, eventually, impatient, lines, link_to,
    patient, proved, ready, ready_engine, ready_engine_with, roomy, sending, start_engine,
    start_engine_with, start_mail, start_redis,
};
use edge::Limits;
use edge::testing::RedisServer;
use std::time::Duration;

pub async fn a_letter_shows_at_once_wherever_its_recipients_page_is_open(redis: &impl AnyRedis) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let finch = claim(&one, "fra-finch").await;
    let mut here = MailPage::open(&one, &address("fra-finch"));
    let mut far = MailPage::open(&two, &address("2-finch"));
    here.until("empty", |mailbox| mailbox.letters.is_empty())
        .await;
    far.until("empty", |mailbox| mailbox.letters.is_empty())
        .await;

    let sent = two
        .mail()
        .send(sending("1-wren", "2-finch", "hello"))
        .await
        .unwrap();
    here.until_newest(&sent.id).await;
    far.until_newest(&sent.id).await;

    assert_eq!(here.mailbox(), far.mailbox());
    assert_eq!(lines(&here.letters()), ["hello"]);
    let unread: Vec<_> = here
        .mailbox()
        .unread
        .iter()
        .map(|unread| (unread.with.to_string(), unread.count))
        .collect();
    assert_eq!(unread, [("ord-wren".to_owned(), 1)]);
    let shown = here.letters()[0].message.cursor;
    one.mail()
        .mark_seen(address("2-finch"), &finch, address("1-wren"), shown)
        .await
        .unwrap();
    far.until("all seen", |mailbox| mailbox.unread.is_empty())
        .await;
    assert_eq!(lines(&far.mailbox().letters), ["hello"]);
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn what_the_owner_writes_on_one_page_shows_on_the_others() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let finch = claim(&one, "fra-finch").await;
    let mut page = MailPage::open(&one, &address("fra-finch"));

    let sent = one
        .mail()
        .send(proved("2-finch", "1-wren", "here", &finch))
        .await
        .unwrap();
    page.until_newest(&sent.id).await;
    let far = one
        .mail()
        .send(proved("2-finch", "moon-wren", "there", &finch))
        .await
        .unwrap();
    page.until_newest(&far.id).await;

    assert_eq!(lines(&page.letters()), [">here", ">there"]);
    assert_eq!(page.letters()[0].message.sent_at, sent.sent_at);
    let mailbox = page.mailbox();
    assert!(mailbox.unread.is_empty());
    let waiting: Vec<_> = mailbox
        .waiting
        .iter()
        .map(|waiting| (&waiting.id, waiting.attempts))
        .collect();
    assert_eq!(waiting, [(&far.id, 0)]);
    one.shutdown().await;
}

#[tokio::test]
async fn a_later_call_takes_the_place_of_an_earlier_and_the_last_session_frees_all() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    for name in ["fra-finch", "fra-robin"] {
        claim(&one, name).await;
    }

    let mut page = MailPage::open(&one, &address("fra-finch"));
    let mut other = MailPage::open(&one, &address("fra-finch"));
    page.until("finch's", |mailbox| mailbox.address == address("fra-finch"))
        .await;
    page.show(Some(address("fra-robin")));
    page.until("robin's", |mailbox| mailbox.address == address("fra-robin"))
        .await;
    let sent = one
        .mail()
        .send(sending("1-wren", "2-finch", "x"))
        .await
        .unwrap();
    other.until_newest(&sent.id).await;
    until_channels(&redis, 2).await;
    drop(other);
    until_channels(&redis, 1).await;
    page.show(None);
    until_channels(&redis, 0).await;

    one.shutdown().await;
}

#[tokio::test]
async fn frames_say_where_letters_are_missing_between_them() {
    let redis = start_redis().await;
    let limits = Limits {
        frames_per_second: Some(2),
        ..patient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    let finch = claim(&one, "fra-finch").await;
    let mut page = MailPage::open(&one, &address("fra-finch"));
    page.until("empty", |mailbox| mailbox.letters.is_empty())
        .await;

    let mut last = None;
    for number in 0..50 {
        let text = format!("letter {number}");
        last = Some(
            one.mail()
                .send(sending("1-wren", "2-finch", &text))
                .await
                .unwrap(),
        );
    }
    page.until_newest(&last.unwrap().id).await;

    let all = one
        .mail()
        .letters(address("2-finch"), Some(&finch), None, 100)
        .await
        .unwrap();
    let mailbox = page.mailbox();
    assert_eq!(mailbox.letters, all[all.len() - mailbox.letters.len()..]);
    assert_eq!(mailbox.letters.len(), 20);
    assert_eq!(mailbox.from_rev, all[29].rev, "all after that are here");
    assert_eq!(mailbox.rev, all[49].rev);
    assert_eq!(mailbox.unread[0].count, 50);
    assert!(page.frames() < 50 && (page.gaps() > 0) == (page.letters().len() < 50));
    one.shutdown().await;
}

#[tokio::test]
async fn a_busy_mailbox_makes_so_many_frames_a_second_at_most() {
    let redis = start_redis().await;
    let limits = Limits {
        frames_per_second: Some(5),
        ..patient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    claim(&one, "fra-finch").await;
    let mut page = MailPage::open(&one, &address("fra-finch"));
    page.until("empty", |mailbox| mailbox.letters.is_empty())
        .await;
    let begin = tokio::time::Instant::now();

    let mut last = None;
    for number in 0..300 {
        let from = format!("1-wren{}", number % 3);
        last = Some(
            one.mail()
                .send(sending(&from, "2-finch", "x"))
                .await
                .unwrap(),
        );
        let _heard = tokio::time::timeout(Duration::from_millis(2), page.listen()).await;
    }
    page.until_newest(&last.unwrap().id).await;

    let most = (begin.elapsed().as_secs_f64() * 5.0).ceil() as u64 + 2;
    assert!(page.frames() <= most, "{} of {most}", page.frames());
    one.shutdown().await;
}

#[tokio::test]
async fn after_a_reconnect_the_next_frame_tells_all_that_came_meanwhile() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), impatient());
    let two = start_engine_with("ord", &redis.url(), impatient());
    all_ready(&[&one, &two]).await;
    claim(&two, "fra-finch").await;
    let mut page = MailPage::open(&one, &address("fra-finch"));
    let first = two
        .mail()
        .send(sending("1-wren", "2-finch", "first"))
        .await
        .unwrap();
    page.until_newest(&first.id).await;

    link.cut();
    eventually("Redis away", async || !one.mirror().is_current()).await;
    for text in ["second", "third"] {
        two.mail()
            .send(sending("1-wren", "2-finch", text))
            .await
            .unwrap();
    }
    let mut late = MailPage::open(&one, &address("fra-finch"));
    link.restore();

    page.until("all", |mailbox| mailbox.letters.len() == 3)
        .await;
    late.until("all", |mailbox| mailbox.letters.len() == 3)
        .await;
    assert_eq!(lines(&page.letters()), ["first", "second", "third"]);
    assert_eq!(page.gaps(), 0);
    let last = two
        .mail()
        .send(sending("1-wren", "2-finch", "live"))
        .await
        .unwrap();
    late.until_newest(&last.id).await;
    one.shutdown().await;
    two.shutdown().await;
}

/// Waits until so many mailboxes' channels have subscribers.
async fn until_channels(redis: &RedisServer, count: usize) {
    let pattern = Truth::mail_key("*", "changes");
    eventually("so many channels", async || {
        let mut truth = Truth::of(redis).await;
        let channels: Vec<String> = truth.run(&["PUBSUB", "SHARDCHANNELS", &pattern]).await;
        channels.len() == count
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_read_keeps_no_other_from_its_pages() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let _finch = claim(&one, "2-finch").await;
    let _robin = claim(&one, "2-robin").await;
    let mut truth = Truth::of(&redis).await;
    let letters = Truth::mail_key("fra-robin", "box");
    let _: String = truth.run(&["SET", &letters, "no letters"]).await;

    let _odd = MailPage::open(&one, &address("2-robin"));
    let mut page = MailPage::open(&one, &address("2-finch"));
    for text in ["one", "two"] {
        let sent = one.mail().send(sending("1-wren", "2-finch", text)).await;
        page.until_newest(&sent.unwrap().id).await;
        let odd = Truth::mail_key("fra-robin", "changes");
        let _: u32 = truth.run(&["SPUBLISH", &odd, "1"]).await;
    }

    assert_eq!(lines(&page.letters()), ["one", "two"]);
    one.shutdown().await;
}
