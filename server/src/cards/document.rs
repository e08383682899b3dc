//! The cards of documents: what their pages are titled, and how they stand.

use super::{ACCENT, Cards, Drawing, INK, INK_SOFT, MARGIN, Words, stem};
use app::CARD_WIDTH;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use edge::ChangeError;
use protocol::{Create, Seen};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use web::extract::Path;
use web::visitor::Visitor;
use web::{AppState, HttpError};

/// The size of a title, by the lines that it takes: the fewer, the larger.
const TITLES: [(f64, usize); 3] = [(88.0, 2), (68.0, 3), (56.0, 3)];

/// How one of a kind stands, in words.
type Summary<D> = fn(&D) -> String;

/// The cards of a kind of document, `kind` being what one is called.
pub(crate) fn of_documents<D: Create>(
    kind: &'static str,
    summary: Summary<D>,
) -> OpenApiRouter<AppState> {
    let show = async move |state: State<AppState>, visitor: Visitor, file: Path<String>| {
        show::<D>(&state.0, &visitor, &file.0, (kind, summary)).await
    };
    let path = format!("/cards/{}/{{file}}", D::NAME);
    OpenApiRouter::new().route(&path, get(show))
}

async fn show<D: Create>(
    state: &AppState,
    visitor: &Visitor,
    file: &str,
    (kind, summary): (&str, Summary<D>),
) -> Result<Response, HttpError> {
    let key = D::Key::try_from(stem(file)?.to_owned());
    let key = key.map_err(|_| ChangeError::Unknown)?;
    let documents = state.engine.documents::<D>();
    let documents = documents.ok_or_else(|| HttpError::logged(&ChangeError::UnknownTopic))?;
    let seen = documents.read(&key, None).await;
    let seen = seen.map_err(|error| HttpError::redis_away(&error))?;
    let Seen { value, .. } = seen.ok_or(ChangeError::Unknown)?;
    let cards = state.kept::<Cards>()?;
    let svg = draw(cards.drawing(), (kind, &value.title(), &summary(&value)));
    cards.answer(visitor, svg).await
}

/// A kind, a title and how it stands.
fn draw(mut drawing: Drawing, (kind, title, summary): (&str, &str, &str)) -> Arc<str> {
    let width = f64::from(CARD_WIDTH) - 2.0 * MARGIN;
    drawing.land((250.0, 190.0), 1.05, 0.45);
    drawing.text(kind, (MARGIN, 238.0), Words::new(32.0, ACCENT), (width, 1));
    let size = TITLES.into_iter().find(|(size, most)| {
        let lines = drawing.lines(title, *size, width);
        lines <= *most
    });
    let (size, most) = size.unwrap_or(TITLES[2]);
    let title_words = Words {
        spacing: -0.02,
        ..Words::new(size, INK)
    };
    drawing.text(title, (MARGIN, 250.0 + size), title_words, (width, most));
    drawing.text(
        summary,
        (MARGIN, 562.0),
        Words::new(32.0, INK_SOFT),
        (width, 1),
    );
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::drawn;

    fn svg(title: &str) -> String {
        drawn("poll", |drawing| {
            draw(drawing, ("Poll", title, "12 votes so far"))
        })
        .0
    }

    #[test]
    fn a_question_has_at_most_three_lines() {
        let short = svg("When do we fly?");
        assert!(short.contains(r#"font-size="88""#) && short.contains(">When do we fly?</text>"));

        let long = svg(&"Which of these would you rather have for the winter? ".repeat(4));
        assert_eq!(long.matches(r#"font-size="56""#).count(), 3);
        assert!(long.contains("…</text>"));
    }

    #[test]
    fn a_hostile_question_is_but_a_question() {
        let svg = svg("]]></text><script>alert(1)</script><!ENTITY x \"&y;\">");

        assert!(!svg.contains("<script") && !svg.contains("<!") && !svg.contains("&y;"));
    }

    #[test]
    fn a_question_in_letters_that_are_not_there_is_left_out() {
        let svg = svg("いつ飛びますか？");

        assert!(svg.contains(">Poll</text>") && svg.contains(">12 votes so far</text>"));
        assert_eq!(svg.matches("<text").count(), 3, "and the site's name");
    }
}
