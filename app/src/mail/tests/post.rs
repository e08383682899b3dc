//! How news changes a mailbox.

use crate::mail::post::Post;
use crate::mail::samples::{address, came, conversation, mailbox, own, state};
use protocol::{Letter, Unread};

fn post(with: Option<&str>, letters: &[Letter]) -> Post {
    Post::new(&state(with, letters)).unwrap()
}

fn texts(post: &Post) -> Vec<&str> {
    let letters = &post.thread().unwrap().letters;
    letters
        .iter()
        .map(|letter| letter.message.message.as_str())
        .collect()
}

#[test]
fn news_comes_into_its_conversation_and_its_row() {
    let mut post = post(Some("fra-finch"), &[came(1, "fra-finch", "one")]);

    let has_gap = post.hear(mailbox(
        3,
        1,
        &[own(2, "fra-finch", "two"), came(3, "syd-teal", "else")],
    ));

    assert!(!has_gap);
    assert_eq!(texts(&post), ["one", "two"]);
    let rows: Vec<_> = post
        .talks()
        .iter()
        .map(|row| row.with().to_string())
        .collect();
    assert_eq!(rows, ["syd-teal", "fra-finch"]);
}

#[test]
fn older_news_of_the_same_server_changes_nothing() {
    let mut post = post(Some("fra-finch"), &[]);
    post.welcome();
    post.hear(mailbox(5, 0, &[came(5, "fra-finch", "five")]));
    let known = post.clone();

    post.hear(mailbox(4, 0, &[]));

    assert_eq!(post, known);
}

#[test]
fn after_another_welcome_a_lower_revision_is_the_truth() {
    let mut post = post(Some("fra-finch"), &[]);
    post.welcome();
    post.hear(mailbox(5, 0, &[came(5, "fra-finch", "five")]));

    post.welcome();

    assert!(post.hear(mailbox(2, 0, &[])), "it asks for the rest");
    assert!(!post.hear(mailbox(1, 0, &[])), "but only once");
}

#[test]
fn a_letter_comes_once_however_often_it_is_told() {
    let letter = came(1, "fra-finch", "one");
    let mut post = post(Some("fra-finch"), std::slice::from_ref(&letter));

    post.hear(mailbox(1, 0, std::slice::from_ref(&letter)));
    post.catch_up(conversation(&[letter], None));

    assert_eq!(texts(&post), ["one"]);
}

#[test]
fn what_one_writes_to_oneself_is_ones_own() {
    let mut post = post(Some("ord-wren"), &[]);
    let kept = Letter {
        is_own: true,
        ..came(1, "ord-wren", "note")
    };

    post.hear(mailbox(2, 0, &[came(1, "ord-wren", "note"), kept.clone()]));

    assert_eq!(post.thread().unwrap().letters, [kept]);
}

#[test]
fn a_gap_is_filled_where_the_letters_meet() {
    let mut post = post(Some("fra-finch"), &[came(1, "fra-finch", "1")]);

    assert!(post.hear(mailbox(9, 8, &[came(9, "fra-finch", "9")])));
    let newest = [
        came(1, "fra-finch", "1"),
        came(5, "fra-finch", "5"),
        came(9, "fra-finch", "9"),
    ];
    post.catch_up(conversation(&newest, Some(1)));

    assert_eq!(texts(&post), ["1", "5", "9"]);
    assert_eq!(post.thread().unwrap().before, None);
}

#[test]
fn a_gap_too_wide_to_fill_shows_no_letters_as_neighbours_that_are_none() {
    let mut post = post(Some("fra-finch"), &[came(1, "fra-finch", "1")]);

    post.hear(mailbox(9, 8, &[came(9, "fra-finch", "9")]));
    post.catch_up(conversation(
        &[came(5, "fra-finch", "5"), came(9, "fra-finch", "9")],
        Some(4),
    ));

    assert_eq!(texts(&post), ["5", "9"]);
    assert!(post.thread().unwrap().before.is_some());
}

#[test]
fn older_letters_stand_before() {
    let mut post = post(Some("fra-finch"), &[came(5, "fra-finch", "5")]);

    post.look_back(conversation(
        &[own(2, "fra-finch", "2"), came(5, "fra-finch", "5")],
        Some(1),
    ));

    assert_eq!(texts(&post), ["2", "5"]);
    assert!(post.thread().unwrap().before.is_some());
}

#[test]
fn a_page_of_older_letters_stays_one() {
    let mut past = state(Some("fra-finch"), &[came(1, "fra-finch", "1")]);
    past.is_past = true;
    let mut post = Post::new(&past).unwrap();

    post.hear(mailbox(9, 0, &[came(9, "fra-finch", "9")]));

    assert_eq!(texts(&post), ["1"]);
    assert!(!post.see());
}

#[test]
fn what_is_unseen_is_counted_until_it_is_seen() {
    let mut post = post(Some("fra-finch"), &[]);
    let mut news = mailbox(4, 0, &[]);
    news.unread = [("fra-finch", 2), ("syd-teal", 3)]
        .map(|(with, count)| Unread {
            with: address(with),
            count,
        })
        .into();

    post.hear(news);
    assert_eq!(
        (post.unread(), post.unread_of(&address("fra-finch"))),
        (5, 2)
    );

    assert!(post.see() && !post.see());
    assert_eq!(
        (post.unread(), post.unread_of(&address("fra-finch"))),
        (3, 0)
    );
}

#[test]
fn news_of_another_mailbox_is_none() {
    let mut post = post(None, &[]);
    let mut news = mailbox(7, 0, &[came(7, "fra-finch", "x")]);
    news.address = address("syd-teal");

    assert!(!post.hear(news));
    assert!(post.talks().is_empty());
}
