//! Why a party's action fails, and what the client is told.

use edge::PartyError;
use web::HttpError;

/// Why an action on a party was refused.
#[derive(Debug)]
pub(crate) enum PartyRefusal {
    /// By the engine.
    Party(PartyError),
    /// By anything shared with other features.
    Other(HttpError),
}

impl PartyRefusal {
    /// Whether no party has the code.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Party(PartyError::Unknown))
    }

    /// Whether the person is not in the party, be it because it has ended.
    pub(crate) fn is_absent(&self) -> bool {
        self.is_unknown() || matches!(self, Self::Party(PartyError::NotIn))
    }
}

impl From<PartyError> for PartyRefusal {
    fn from(error: PartyError) -> Self {
        Self::Party(error)
    }
}

impl From<HttpError> for PartyRefusal {
    fn from(error: HttpError) -> Self {
        Self::Other(error)
    }
}

impl From<PartyRefusal> for HttpError {
    fn from(refusal: PartyRefusal) -> Self {
        match refusal {
            PartyRefusal::Party(error) => error.into(),
            PartyRefusal::Other(error) => error,
        }
    }
}

/// Too many parties were created or joined, or participants renamed.
pub(crate) fn too_many_changes(seconds: u32) -> HttpError {
    let reason = "Parties or names were changed too often from this address.";
    HttpError::too_many(
        "too-many-party-changes",
        "Too many changes",
        seconds,
        reason,
    )
}

/// Too many searches for nearby parties.
pub(crate) fn too_many_searches(seconds: u32) -> HttpError {
    let reason = "Nearby parties were searched for too often from this address.";
    HttpError::too_many("too-many-searches", "Too many searches", seconds, reason)
}

/// A form's name is invalid.
pub(crate) fn bad_name() -> HttpError {
    HttpError::new(422, "bad-name", "That name isn't valid").with_detail(
        "A name has 1 to 32 visible characters on one line, none of which change the text's direction.",
    )
}

/// A form's code is invalid.
pub(crate) fn bad_code() -> HttpError {
    HttpError::new(422, "bad-party-code", "That code isn't valid")
        .with_detail("A code has nine digits, such as 457 495 738. Check the code again.")
}

/// A form's coordinates are invalid.
pub(crate) fn bad_place() -> HttpError {
    HttpError::new(422, "bad-place", "Those coordinates aren't valid")
        .with_detail("Reload the page, then share your location again, or don't share it.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_status_and_kind_and_says_what_to_do() {
        let expected = [
            (PartyError::Unknown.into(), 404, "unknown-party"),
            (PartyError::NotIn.into(), 404, "not-in-party"),
            (PartyError::Full { limit: 64 }.into(), 409, "party-full"),
            (PartyError::KeyReused.into(), 422, "key-reused"),
            (
                PartyError::from(edge::LinkError::Away).into(),
                503,
                "redis-away",
            ),
            (PartyError::TooManyMisses(9).into(), 429, "too-many-guesses"),
            (too_many_changes(9), 429, "too-many-party-changes"),
            (too_many_searches(9), 429, "too-many-searches"),
            (bad_name(), 422, "bad-name"),
            (bad_code(), 422, "bad-party-code"),
            (bad_place(), 422, "bad-place"),
        ];
        for (error, status, kind) in expected {
            let problem = HttpError::into_problem(error);
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
            assert!(problem.detail.is_some(), "{kind}");
        }
    }

    #[test]
    fn a_full_party_says_how_many_it_has() {
        let error = HttpError::from(PartyError::Full { limit: 64 });
        assert!(error.to_string().contains("64 participants"));
    }
}
