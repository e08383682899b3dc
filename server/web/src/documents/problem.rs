//! Why a document is not changed, and what the client is told.

use crate::error::{HttpError, MAYBE_SAVED};
use edge::ChangeError;
use protocol::Document;

impl From<ChangeError> for HttpError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Stopping => Self::not_ready(),
            ChangeError::Link(error) => Self::redis_away(&error),
            error => error.into_problem().into(),
        }
    }
}

/// The change is none of that kind of document.
pub(super) fn bad_change(reason: impl Into<String>) -> HttpError {
    ChangeError::Unreadable(reason.into()).into()
}

/// There is no document of that kind and key.
pub(super) fn missing<D: Document>() -> HttpError {
    let mut name = D::NAME.replace(['-', '_'], " ");
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    HttpError::new(404, "unknown-document", &format!("{name} not found"))
        .with_detail("Check the link again. What nobody has used for a while is deleted.")
}

/// Redis has not answered yet.
pub(super) fn undecided() -> HttpError {
    HttpError::new(503, "redis-away", "The servers cannot reach their storage").with_detail(
        "The change may yet be made. With an Idempotency-Key, retry with the same key: it is made only once. Without one, \
         look before you try again.",
    )
    .shown_as(MAYBE_SAVED)
}

/// Too many documents from an address.
pub(super) fn too_many_created(seconds: u32) -> HttpError {
    let reason = "Too many were created from this address.";
    HttpError::too_many("too-many-created", "Too many at once", seconds, reason)
}

/// Too many changes from a session or an address.
pub(crate) fn too_many_changes(seconds: u32) -> HttpError {
    let reason = "Changes came too fast.";
    HttpError::too_many("too-many-changes", "Too many changes", seconds, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Poll, Problem};

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
                "document-too-large",
            ),
            (
                ChangeError::TooMany { max: 9 }.into(),
                409,
                "too-many-documents",
            ),
            (ChangeError::Busy.into(), 503, "too-many-changes-waiting"),
            (ChangeError::KeyReused.into(), 422, "key-reused"),
            (ChangeError::Stopping.into(), 503, "not-ready"),
            (
                ChangeError::Link(edge::LinkError::Away).into(),
                503,
                "redis-away",
            ),
            (missing::<Poll>(), 404, "unknown-document"),
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
