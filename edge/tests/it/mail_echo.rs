//! A region's echo answers each letter once.

use crate::support::{
    Call, Gate, Hold, Instance, PREFIX, Truth, address, all_ready, claim, eventually, inbox, keyed,
    lines, outbox, patient, proved, ready, refusal, roomy, sending, start_engine, start_mail,
    start_redis, take_due,
};
use edge::testing::RedisServer;
use edge::{Credentials, Endpoint, Engine, MailBlock, MailError, MailLimits};
use protocol::{Federated, Letter, MessageId, MessageStatus, MessageText};

/// The most letters that wait for an instance.
const WAITING_MAX: usize = 1_000;

/// Writes to an echo from ord-wren.
async fn write(engine: &Engine, wren: &Credentials, to: &str, text: &str) {
    let sent = engine.mail().send(proved("1-wren", to, text, wren)).await;
    let sent = sent.unwrap();
    assert_eq!(
        (sent.status, sent.unclaimed),
        (MessageStatus::Delivered, false)
    );
}

/// All that ord-wren wrote and got.
async fn letters(engine: &Engine, wren: &Credentials) -> Vec<Letter> {
    let letters = engine
        .mail()
        .letters(address("1-wren"), Some(wren), None, 999);
    letters.await.unwrap()
}

async fn until_answered(engine: &Engine, wren: &Credentials, count: usize) {
    eventually("every answer", async || {
        inbox(engine, "1-wren", wren, 100).await.len() >= count
    })
    .await;
}

/// How many letters wait for an echo's answer.
async fn waiting(redis: &RedisServer, region: &str) -> usize {
    let key = format!("{PREFIX}{{echo:{region}}}:1:letters");
    Truth::of(redis).await.run(&["XLEN", &key]).await
}

async fn until_none_waits(redis: &RedisServer, region: &str) {
    eventually("no letter that waits", async || {
        waiting(redis, region).await == 0
    })
    .await;
}

/// A letter of another cluster's.
fn federated(number: u128, from: &str, to: &str) -> Federated {
    Federated {
        id: MessageId::of(number),
        to: address(to),
        from: address(from),
        message: MessageText::parse("from afar").unwrap(),
        sent_ms: 5,
        verified: true,
    }
}

#[tokio::test]
async fn one_of_a_regions_instances_answers_each_letter_after_it() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("fra", &redis.url());
    let far = start_engine("ord", &redis.url());
    all_ready(&[&one, &two, &far]).await;
    let wren = claim(&far, "1-wren").await;

    for number in 0..20 {
        write(&far, &wren, "2-echo", &number.to_string()).await;
    }
    until_answered(&far, &wren, 20).await;
    until_none_waits(&redis, "fra").await;
    one.shutdown().await;
    two.shutdown().await;

    let all = letters(&far, &wren).await;
    assert_eq!(all.len(), 40, "{:?}", lines(&all));
    let by = |engine: &Engine| {
        let instance = engine.instance();
        format!("Hello from Frankfurt (fra). Instance {instance} answered your letter ")
    };
    let mut open = 0;
    for letter in all {
        let text = letter.message.message.as_str();
        if letter.is_own {
            open += 1;
        } else {
            assert!(open > 0, "an answer before its letter");
            open -= 1;
            assert!(
                text.starts_with(&by(&one)) || text.starts_with(&by(&two)),
                "{text}"
            );
            assert!(text.ends_with(" ms after it was stored."), "{text}");
            assert_eq!(letter.message.from, address("fra-echo"));
            assert!(letter.message.verified);
        }
    }
    far.shutdown().await;
}

#[tokio::test]
async fn letters_wait_for_an_instance_of_their_own_region() {
    let redis = start_redis().await;
    let ord = start_engine("ord", &redis.url());
    ready(&ord).await;
    let wren = claim(&ord, "1-wren").await;

    let letter = keyed(&proved("1-wren", "fra-echo", "anybody?", &wren), "k");
    let sent = ord.mail().send(letter.clone()).await.unwrap();
    assert_eq!(ord.mail().send(letter).await.unwrap(), sent);
    write(&ord, &wren, "ord-echo", "you?").await;
    until_answered(&ord, &wren, 1).await;
    until_none_waits(&redis, "ord").await;
    assert_eq!(waiting(&redis, "fra").await, 1);
    let fra = start_engine("fra", &redis.url());
    until_answered(&ord, &wren, 2).await;

    let got = inbox(&ord, "1-wren", &wren, 9).await;
    let from: Vec<_> = got.iter().map(|one| one.from.to_string()).collect();
    assert_eq!(from, ["ord-echo", "fra-echo"]);
    until_none_waits(&redis, "fra").await;
    fra.shutdown().await;
    ord.shutdown().await;
}

#[tokio::test]
async fn what_an_instance_was_killed_over_another_answers_once() {
    for hold in [Hold::Before, Hold::After] {
        let redis = start_redis().await;
        let gate = Gate::before(&redis).await;
        let far = start_engine("ord", &redis.url());
        ready(&far).await;
        let wren = claim(&far, "1-wren").await;
        // Redis knows the script from now on.
        let to_oneself = proved("1-wren", "1-wren", "x", &wren);
        far.mail().send(to_oneself).await.unwrap();
        let killed = Instance::start("fra", Endpoint::Url(gate.url()), patient());
        ready(&killed).await;
        let stores_the_answer = |call: &Call| {
            call[0] == b"EVALSHA" && call[3].starts_with(b"test:{mail:ord-wren}") && call[4] == b"v"
        };

        gate.hold(hold, stores_the_answer);
        write(&far, &wren, "fra-echo", "hello?").await;
        gate.held().await;
        killed.kill();
        let other = start_engine("fra", &redis.url());
        until_none_waits(&redis, "fra").await;
        // What was held comes late.
        gate.release();
        let has_come = async || gate.calls().iter().any(stores_the_answer);
        eventually("the late call", has_come).await;
        other.shutdown().await;

        let got = letters(&far, &wren).await;
        assert_eq!(got.len(), 3, "{hold:?}: {:?}", lines(&got));
        assert_eq!(lines(&got)[1], ">hello?");
        far.shutdown().await;
    }
}

#[tokio::test]
async fn an_echo_is_nobodys_and_answers_no_echo() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;

    let claimed = refusal(mail.claim(address("2-Echo")).await);
    let written = refusal(mail.send(sending("2-echo", "2-finch", "x")).await);
    let to_itself = refusal(mail.send(sending("2-echo", "1-echo", "x")).await);
    let from_echo = refusal(mail.receive(federated(1, "moon-echo", "2-echo")).await);
    let from_postmaster = refusal(
        mail.receive(federated(2, "moon-postmaster", "2-echo"))
            .await,
    );
    let unverified = refusal(mail.send(sending("1-robin", "2-echo", "x")).await);
    mail.receive(federated(3, "moon-echo", "2-finch"))
        .await
        .unwrap();

    for error in [claimed, written, to_itself, from_echo, from_postmaster] {
        assert!(matches!(error, MailError::Reserved), "{error}");
    }
    assert!(matches!(unverified, MailError::UnverifiedBlocked));
    assert_eq!(waiting(&redis, "fra").await, 0);
    let got = inbox(&one, "2-finch", &finch, 9).await;
    assert_eq!(got[0].from, address("moon-echo"));
    one.shutdown().await;
}

#[tokio::test]
async fn a_letter_of_another_cluster_is_answered_over_its_outbox() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;

    for _ in 0..2 {
        let letter = federated(7, "moon-wren", "2-echo");
        one.mail().receive(letter).await.unwrap();
    }
    let batch = take_due(&outbox(&one)).await;

    let answer = &batch[0].message;
    assert_eq!(
        (&answer.from, &answer.to),
        (&address("fra-echo"), &address("moon-wren"))
    );
    assert!(answer.message.as_str().starts_with("Hello from Frankfurt"));
    until_none_waits(&redis, "fra").await;
    assert_eq!(take_due(&outbox(&one)).await.len(), 1);
    one.shutdown().await;
}

#[tokio::test]
async fn whoever_blocks_an_echo_gets_no_answer_and_holds_up_nobody() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let wren = claim(&one, "1-wren").await;
    let block = MailBlock::Sender(address("2-echo"));
    one.mail()
        .block(address("1-wren"), &wren, block)
        .await
        .unwrap();

    write(&one, &wren, "2-echo", "shh").await;
    until_none_waits(&redis, "fra").await;

    assert_eq!(lines(&letters(&one, &wren).await), [">shh"]);
    one.shutdown().await;
}

#[tokio::test]
async fn an_echo_nobody_answers_at_takes_no_more_than_it_can_keep() {
    let redis = start_redis().await;
    let limits = MailLimits {
        sends_per_minute: 2_000,
        ..roomy()
    };
    let one = start_mail("ord", &redis.url(), limits);
    ready(&one).await;
    let wren = claim(&one, "1-wren").await;
    for _ in 0..WAITING_MAX {
        write(&one, &wren, "fra-echo", "x").await;
    }

    let more = one.mail().send(proved("1-wren", "fra-echo", "x", &wren));
    let more = refusal(more.await);

    assert!(matches!(more, MailError::TooManyTo(60)), "{more}");
    assert_eq!(waiting(&redis, "fra").await, WAITING_MAX);
    one.shutdown().await;
}
