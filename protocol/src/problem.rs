//! Errors on the wire.

use serde::{Deserialize, Serialize};

/// Problem details for HTTP APIs ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A stable name of this kind of problem, such as `too-many-clicks`; a URI reference.
    #[serde(rename = "type")]
    pub kind: String,
    /// What went wrong, in plain words.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// A problem without detail.
    #[must_use]
    pub fn new(status: u16, kind: &str, title: &str) -> Self {
        Self {
            kind: kind.into(),
            title: title.into(),
            status,
            detail: None,
        }
    }

    /// The same problem with what to do about it.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// It in sentences: what went wrong, and what to do about it.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{}. {detail}", self.title),
            None => format!("{}.", self.title),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_in_sentences() {
        let problem = Problem::new(404, "unknown-player", "There is no such player");

        assert_eq!(problem.words(), "There is no such player.");
        assert_eq!(
            problem.with_detail("Players are 1 to 9.").words(),
            "There is no such player. Players are 1 to 9."
        );
    }

    #[test]
    fn a_problem_has_the_members_of_the_rfc() {
        let problem =
            Problem::new(429, "too-many-clicks", "Too many clicks").with_detail("Wait a second.");

        let json = serde_json::to_string(&problem).unwrap();

        assert_eq!(
            json,
            r#"{"type":"too-many-clicks","title":"Too many clicks","status":429,"detail":"Wait a second."}"#
        );
        assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
    }
}
