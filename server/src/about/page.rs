//! `/about`: what this is, how it works, who made it, and where the source is.

use super::Source;
use super::picture::picture;
use app::world_card;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use live::Head;
use web::page::{HTML, Written, escape, hashes, page_state};
use web::{AppState, HttpError, visitor};

/// Keeps the picture live.
const SCRIPT: &str = concat!("<script>", include_str!("live.js"), "</script>");

/// Answers `GET /about`, from memory.
pub(super) async fn show(
    State(state): State<AppState>,
    request: HeaderMap,
) -> Result<Response, HttpError> {
    let Source(source) = state.kept::<Source>()?;
    let main = format!(
        include_str!("page.html"),
        picture = picture(&page_state(&state.engine)?),
        source = source_words(source.as_deref()),
        script = SCRIPT,
    );
    let page = Written {
        head: head(),
        main: &main,
        ..Written::default()
    };
    let may = "connect-src 'self'; frame-ancestors 'none'";
    let mut response = state.frame.html(page).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HTML);
    let policy = state.frame.policy(&hashes(SCRIPT), may);
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.extend(visitor::cookie(&state, &request));
    Ok(response)
}

fn head() -> Head {
    Head {
        title: "How it works · Murmuration".into(),
        description: "What Murmuration is, how a click travels around the world, and what happens when a server or \
                      Redis fails."
            .into(),
        path: "/about".into(),
        card: world_card(),
        ..Head::default()
    }
}

/// Where the source is, in words.
fn source_words(url: Option<&str>) -> String {
    match url.map(escape) {
        Some(url) => {
            format!("The source code is at <a href=\"{url}\" data-testid=\"source\">{url}</a>.")
        }
        None => "The source code comes with the server: whoever runs this site has it.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_where_the_source_is() {
        let url = source_words(Some("https://code.example/?a=\"><script>&b"));
        let shown = "https://code.example/?a=&quot;&gt;&lt;script&gt;&amp;b";
        assert_eq!(url.matches(shown).count(), 2, "{url}");

        assert!(
            !source_words(None).contains("href"),
            "no address is invented"
        );
    }

    #[test]
    fn the_script_ends_where_it_ends() {
        assert_eq!(SCRIPT.matches("</script").count(), 1);
    }
}
