//! How letters are read: inboxes and conversations.

use crate::support::{
    address, claim, inbox, keyed, lines, proved, ready, ready_engine, refusal, roomy, sending,
    start_mail, start_redis, texts,
};
use edge::{Credentials, Engine, MailError, MailLimits};
use protocol::{Conversation, Cursor, Letter};

#[tokio::test]
async fn pages_are_stable_however_much_comes_between_them() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    let empty = mail
        .inbox(address("2-finch"), &finch, None, 3)
        .await
        .unwrap();
    assert_eq!((empty.next, empty.more), (None, false));

    send_numbers(&one, 0..5).await;
    let first = mail
        .inbox(address("2-finch"), &finch, None, 3)
        .await
        .unwrap();
    send_numbers(&one, 5..8).await;
    let again = mail
        .inbox(address("2-finch"), &finch, None, 3)
        .await
        .unwrap();
    let second = mail
        .inbox(address("2-finch"), &finch, first.next, 3)
        .await
        .unwrap();
    let third = mail
        .inbox(address("2-finch"), &finch, second.next, 3)
        .await
        .unwrap();
    let fourth = mail
        .inbox(address("2-finch"), &finch, third.next, 3)
        .await
        .unwrap();
    send_numbers(&one, 8..9).await;
    let fifth = mail
        .inbox(address("2-finch"), &finch, fourth.next, 3)
        .await
        .unwrap();

    assert_eq!(texts(&first.messages), ["0", "1", "2"]);
    assert_eq!(first, again);
    assert_eq!(texts(&second.messages), ["3", "4", "5"]);
    assert_eq!(texts(&third.messages), ["6", "7"]);
    assert_eq!(
        [&first, &second, &third].map(|page| page.more),
        [true, true, false]
    );
    assert_eq!((fourth.messages.len(), fourth.next), (0, third.next));
    assert_eq!(texts(&fifth.messages), ["8"]);
    one.shutdown().await;
}

#[tokio::test]
async fn an_inbox_has_what_came_and_all_letters_have_what_was_written_too() {
    let redis = start_redis().await;
    let limits = MailLimits {
        sends_per_minute: 2_000,
        ..roomy()
    };
    let one = start_mail("fra", &redis.url(), limits);
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;

    // More own ones in a row than one look at the stream takes in.
    send_numbers(&one, 0..1).await;
    for _ in 0..1_100 {
        mail.send(proved("2-finch", "1-wren", "own", &finch))
            .await
            .unwrap();
    }
    send_numbers(&one, 1..3).await;

    assert_eq!(
        texts(&inbox(&one, "2-finch", &finch, 2).await),
        ["0", "1", "2"]
    );
    assert_eq!(
        texts(&inbox(&one, "2-finch", &finch, 3).await),
        ["0", "1", "2"]
    );
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let some = mail
            .letters(address("2-finch"), Some(&finch), after, 100)
            .await
            .unwrap();
        after = some.last().map(|letter| letter.message.cursor).or(after);
        let count = some.len();
        all.extend(some);
        if count < 100 {
            break;
        }
    }
    assert_eq!(all.len(), 1_103);
    let revs: Vec<_> = all.iter().map(|letter| letter.rev).collect();
    assert!(revs.is_sorted_by(|one, other| one < other));
    assert_eq!(all.iter().filter(|letter| letter.is_own).count(), 1_100);
    one.shutdown().await;
}

#[tokio::test]
async fn the_operator_reads_any_mailbox_and_nobody_else_does() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    send_numbers(&one, 0..2).await;

    let all = mail
        .letters(address("2-finch"), None, None, 10)
        .await
        .unwrap();
    let refused = refusal(
        mail.letters(address("2-finch"), Some(&Credentials::default()), None, 10)
            .await,
    );

    assert_eq!(lines(&all), ["0", "1"]);
    assert!(matches!(refused, MailError::NotOwner));
    one.shutdown().await;
}

#[tokio::test]
async fn a_conversation_is_read_back_letter_by_letter() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    let (finch, wren) = (claim(&one, "2-finch").await, claim(&one, "1-wren").await);

    for number in 0..10 {
        let text = number.to_string();
        let (from, to, proof) = match number % 2 {
            0 => ("1-wren", "2-finch", &wren),
            _ => ("2-finch", "1-wren", &finch),
        };
        mail.send(proved(from, to, &text, proof)).await.unwrap();
        mail.send(sending("3-other", "2-finch", "between"))
            .await
            .unwrap();
    }

    let page = async |before: Option<Cursor>| -> Conversation {
        let whose = (address("2-finch"), &finch);
        mail.conversation(whose, address("1-wren"), before, 4)
            .await
            .unwrap()
    };
    let newest = page(None).await;
    let before = page(newest.before).await;
    let first = page(before.before).await;
    assert_eq!(lines(&newest.letters), ["6", ">7", "8", ">9"]);
    assert_eq!(lines(&before.letters), ["2", ">3", "4", ">5"]);
    assert_eq!(
        (lines(&first.letters), first.before),
        (vec!["0".into(), ">1".into()], None)
    );
    let theirs = mail.conversation((address("1-wren"), &wren), address("2-finch"), None, 100);
    assert_eq!(lines(&theirs.await.unwrap().letters)[8..], [">8", "9"]);
    // Whatever place is asked for, the letters are of that conversation.
    let other = (address("2-finch"), &finch);
    let other = mail
        .conversation(other, address("3-other"), newest.before, 100)
        .await
        .unwrap();
    let is_other = |letter: &Letter| *letter.with() == address("syd-other");
    assert!(other.letters.iter().all(is_other));
    let refused = mail
        .conversation((address("2-finch"), &wren), address("1-wren"), None, 4)
        .await;
    assert!(matches!(refusal(refused), MailError::NotOwner));
    one.shutdown().await;
}

#[tokio::test]
async fn a_page_that_ends_where_a_look_ends_says_that_there_is_more() {
    let redis = start_redis().await;
    let limits = MailLimits {
        sends_per_minute: 2_000,
        ..roomy()
    };
    let one = start_mail("fra", &redis.url(), limits);
    ready(&one).await;
    let finch = claim(&one, "2-finch").await;
    // A look takes in a thousand, and so does the largest page.
    send_numbers(&one, 0..1_001).await;

    let read = one.mail().inbox(address("2-finch"), &finch, None, 1_000);
    let page = read.await.unwrap();
    let rest = one
        .mail()
        .inbox(address("2-finch"), &finch, page.next, 1_000);

    assert_eq!((page.messages.len(), page.more), (1_000, true));
    assert_eq!(texts(&rest.await.unwrap().messages), ["1000"]);
    one.shutdown().await;
}

#[tokio::test]
async fn a_letter_to_oneself_is_one_letter() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let wren = claim(&one, "1-wren").await;

    let message = keyed(&proved("1-wren", "ord-wren", "note", &wren), "k");
    for _ in 0..2 {
        one.mail().send(message.clone()).await.unwrap();
    }

    let all = one
        .mail()
        .letters(address("1-wren"), Some(&wren), None, 10)
        .await
        .unwrap();
    assert_eq!(lines(&all), ["note"]);
    one.shutdown().await;
}

/// Sends messages that say these numbers from one address to another.
async fn send_numbers(engine: &Engine, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let message = sending("1-wren", "2-finch", &number.to_string());
        engine.mail().send(message).await.unwrap();
    }
}
