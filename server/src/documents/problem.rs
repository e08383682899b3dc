//! Why a document is not changed, and what the client is told.

use crate::error::HttpError;
use crate::extract::key_reused;
use edge::ChangeError;

impl From<ChangeError> for HttpError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(problem) => problem.into(),
            ChangeError::Unknown => unknown(),
            ChangeError::UnknownTopic => {
                Self::new(404, "unknown-topic", "This server can't do that yet")
                    .with_detail("The page may be newer than the server. Try again in a minute.")
            }
            ChangeError::Unreadable(reason) => bad_change(reason),
            ChangeError::TooLarge { max_bytes } => {
                Self::new(413, "change-too-large", "That is too large").with_detail(format!(
                    "It has at most {max_bytes} bytes as JSON: shorten it, or do it in several steps."
                ))
            }
            ChangeError::TooMany { max } => {
                Self::new(409, "too-many-documents", "You have made too many").with_detail(format!(
                    "You can have {max} at a time. One that nobody uses is deleted after a while: try again later."
                ))
            }
            ChangeError::Busy => waiting("This change cannot be kept")
                .with_detail("Too many changes wait to be made. Try again in a few seconds."),
            ChangeError::KeyReused => key_reused(),
            ChangeError::Stopping => Self::not_ready(),
            ChangeError::Link(error) => Self::redis_away(&error),
            error => Self::logged(&error),
        }
    }
}

/// There is no such document.
pub(super) fn unknown() -> HttpError {
    HttpError::new(404, "unknown-document", "There is nothing here")
        .with_detail("It was deleted because nobody used it, or the address is wrong. Check it.")
}

/// The change is none of that kind of document.
pub(super) fn bad_change(reason: impl Into<String>) -> HttpError {
    HttpError::new(422, "bad-change", "That isn't a valid change").with_detail(reason)
}

/// Redis has not answered yet.
pub(super) fn undecided() -> HttpError {
    waiting("The servers cannot reach their storage").with_detail(
        "The change may yet be made. With an Idempotency-Key, retry with the same key: it is made only once. Without one, \
         look before you try again.",
    )
}

fn waiting(title: &str) -> HttpError {
    HttpError::new(503, "redis-away", title)
}

/// Too many changes from a session or an address.
pub(crate) fn too_many_changes(seconds: u32) -> HttpError {
    let reason = "Changes came too fast.";
    HttpError::too_many("too-many-changes", "Too many changes", seconds, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Problem;

    #[test]
    fn every_error_has_its_status_and_kind_and_says_what_to_do() {
        let refused = Problem::new(409, "poll-closed", "This poll is closed").with_detail("Wait.");
        let expected = [
            (ChangeError::Refused(refused).into(), 409, "poll-closed"),
            (ChangeError::Unknown.into(), 404, "unknown-document"),
            (ChangeError::UnknownTopic.into(), 404, "unknown-topic"),
            (
                ChangeError::Unreadable("`x` is missing".into()).into(),
                422,
                "bad-change",
            ),
            (
                ChangeError::TooLarge { max_bytes: 4096 }.into(),
                413,
                "change-too-large",
            ),
            (
                ChangeError::TooMany { max: 9 }.into(),
                409,
                "too-many-documents",
            ),
            (ChangeError::Busy.into(), 503, "redis-away"),
            (ChangeError::KeyReused.into(), 422, "key-reused"),
            (ChangeError::Stopping.into(), 503, "not-ready"),
            (
                ChangeError::Link(edge::LinkError::Away).into(),
                503,
                "redis-away",
            ),
            (undecided(), 503, "redis-away"),
            (too_many_changes(9), 429, "too-many-changes"),
        ];
        for (error, status, kind) in expected {
            let problem = HttpError::into_problem(error);
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
            assert!(problem.detail.is_some(), "{kind}");
        }
    }
}
