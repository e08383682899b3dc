//! The page of the draw, as a browser without JavaScript sees it.

use super::{Server, client, handed_over};
use protocol::{DrawState, MaxTwo};
use reqwest::{Response, Url};

/// A page of the draw, taken apart.
pub struct DrawPage {
    pub status: u16,
    /// What stands between the tags of the body.
    pub text: String,
    pub html: String,
    /// What a browser with JavaScript takes over.
    pub state: DrawState,
}

impl DrawPage {
    pub async fn of(answer: Response) -> Self {
        let status = answer.status().as_u16();
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        let html = answer.text().await.unwrap();
        let mut state = handed_over(&html);
        assert_eq!(state["page"], "draw");
        let body = html.split_once("<body").unwrap().1;
        let text: Vec<_> = body
            .split('<')
            .filter_map(|piece| Some(piece.split_once('>')?.1))
            .collect();
        Self {
            status,
            text: text.concat(),
            state: serde_json::from_value(state["state"].take()).unwrap(),
            html,
        }
    }
}

/// Shows the page as a browser does.
pub async fn show_draw(server: &Server, query: &str) -> DrawPage {
    let call = server.get(&format!("/draw{query}"));
    let call = call.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    DrawPage::of(call.send().await.unwrap()).await
}

/// Looks a player up as the page's form does.
pub async fn look_up(server: &Server, typed: &str) -> DrawPage {
    let url = Url::parse_with_params(&server.url("/draw"), [("player", typed)]).unwrap();
    DrawPage::of(client().get(url).send().await.unwrap()).await
}

/// What was asked for the page.
pub fn asked(shown: &DrawPage) -> &MaxTwo {
    shown.state.two.as_ref().unwrap()
}
