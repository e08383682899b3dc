//! While a round is made, everything tells how far it is, and nothing when it is due.

use crate::support::{Server, Setup, handed_over, making, making_ends, settled, start_redis};
use protocol::DrawNews;
use serde_json::json;

/// The card of the next round, as the server renders it.
struct NextCard {
    html: String,
    text: String,
    /// What a browser with JavaScript takes over.
    news: DrawNews,
}

impl NextCard {
    async fn of(server: &Server) -> Self {
        let answer = server.get("/draw").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let page = answer.text().await.unwrap();
        let mut state = handed_over(&page);
        let mut sections = page.split("<section").skip(1);
        let section = sections.find(|section| section.contains("data-testid=\"next\""));
        let (html, _) = section.unwrap().split_once("</section>").unwrap();
        let pieces = html.split('<');
        let text: Vec<_> = pieces
            .filter_map(|piece| Some(piece.split_once('>')?.1))
            .collect();
        Self {
            text: text.concat(),
            html: html.to_owned(),
            news: serde_json::from_value(state["state"]["news"].take()).unwrap(),
        }
    }

    /// The tag in which that stands.
    fn tag(&self, part: &str) -> &str {
        let mut tags = self.html.split('>');
        tags.find(|tag| tag.contains(part)).unwrap()
    }
}

#[tokio::test]
async fn a_round_that_is_made_is_told_by_its_progress_and_by_no_time() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let before = server.draw().await;
    assert_eq!(before.progress, None);
    assert!(before.next_at.is_some());
    let next = before.round + 1;

    for (written, percent) in [(0, 0), (3, 37), (8, 100)] {
        making(&redis, next, (8, written)).await;
        let progress = Some(json!({ "round": next, "percent": percent }));
        let during = server
            .draw_until("its progress", |draw| draw.progress == progress)
            .await;

        let mut expected = before.clone();
        (expected.progress, expected.next_at) = (progress, None);
        assert_eq!(during, expected, "all else is of the running round");
        assert_eq!(server.max_two().await.round, before.round);
    }
    making_ends(&redis).await;

    let after = server
        .draw_until("no progress", |draw| draw.progress.is_none())
        .await;
    assert_eq!(after, before);
}

#[tokio::test]
async fn the_page_says_how_far_a_round_is_that_is_made_and_not_when_it_comes() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let before = NextCard::of(&server).await;
    assert!(before.tag("data-testid=\"next\"").contains("waiting"));
    assert!(before.tag("data-testid=\"progress\"").contains(" hidden"));
    assert!(!before.tag("next-card__due").contains(" hidden"));
    let next = before.news.report.round + 1;

    making(&redis, next, (8, 3)).await;
    server
        .draw_until("its progress", |draw| draw.progress.is_some())
        .await;
    let during = NextCard::of(&server).await;

    let told = during.news.report.progress.unwrap();
    assert_eq!((told.round, told.percent), (next, 37));
    assert_eq!(
        (during.news.next_in_ms, &during.news.report.next_at),
        (None, &None)
    );
    assert!(during.tag("data-testid=\"next\"").contains("making"));
    let bar = during.tag("data-testid=\"progress\"");
    assert!(
        bar.contains("value=\"37\"") && !bar.contains(" hidden"),
        "{bar}"
    );
    assert!(during.tag("next-card__due").contains(" hidden"));
    let words = format!("37 %Making round {next}.");
    assert!(during.text.contains(&words), "{}", during.text);
    assert!(!during.text.contains("until"), "{}", during.text);
}
