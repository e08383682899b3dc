//! Why mail fails, and what the client is told.

use protocol::{AddressError, MailAddress};
use web::HttpError;

/// Too many addresses were claimed from a network address.
pub(super) fn too_many_claims(seconds: u32) -> HttpError {
    let reason = "Too many addresses were claimed from this computer.";
    HttpError::too_many("too-many-claims", "Too many claims", seconds, reason)
}

/// The mail address in a field of a JSON body.
pub(super) fn address(field: &str, text: &str) -> Result<MailAddress, HttpError> {
    let address = MailAddress::parse(text);
    address.map_err(|error| HttpError::bad_body(format!("`{field}`: {error}")))
}

/// A form's address is invalid.
pub(super) fn bad_address(error: &AddressError) -> HttpError {
    not_valid(422, "bad-address", error)
}

/// The address in a path is invalid.
pub(super) fn bad_path(error: &AddressError) -> HttpError {
    not_valid(400, "bad-path", error)
}

fn not_valid(status: u16, kind: &str, error: &AddressError) -> HttpError {
    let detail = error.to_string();
    let detail = detail
        .strip_prefix('a')
        .map(|rest| format!("A{rest}."))
        .unwrap_or(detail);
    HttpError::new(status, kind, "That address isn't valid").with_detail(detail)
}

/// A form's name is invalid.
pub(super) fn bad_name() -> HttpError {
    HttpError::new(422, "bad-name", "That name isn't valid")
        .with_detail("A name has 1 to 32 characters: letters a to z, digits and underscores.")
}

/// The visitor has no address to send from.
pub(super) fn no_address() -> HttpError {
    HttpError::new(409, "no-name", "You have no address yet")
        .with_detail("Choose a name first: replies go to it.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use edge::MailError;
    use protocol::RegionCode;

    #[test]
    fn every_error_has_its_status_and_kind_and_says_what_to_do() {
        let place = RegionCode::parse("4").unwrap();
        let unknown = MailError::UnknownPlace {
            place,
            near: vec![],
        };
        let expected: [(HttpError, u16, &str); 23] = [
            (unknown.into(), 404, "unknown-place"),
            (
                MailError::Elsewhere("x".into()).into(),
                422,
                "address-elsewhere",
            ),
            (MailError::Reserved.into(), 403, "reserved-address"),
            (MailError::NotOwner.into(), 401, "not-owner"),
            (MailError::Taken.into(), 409, "address-taken"),
            (MailError::GivenBack.into(), 409, "address-given-back"),
            (MailError::KeyReused.into(), 422, "key-reused"),
            (MailError::TooManyFrom(3).into(), 429, "too-many-messages"),
            (MailError::TooManyTo(3).into(), 429, "too-many-messages"),
            (
                MailError::TooManyUnverifiedTo(3).into(),
                429,
                "too-many-messages",
            ),
            (
                MailError::TooManyUnverifiedFrom(3).into(),
                429,
                "too-many-messages",
            ),
            (too_many_claims(3), 429, "too-many-claims"),
            (MailError::OutboxFull("x".into()).into(), 503, "outbox-full"),
            (
                MailError::OutboxShare("x".into(), true).into(),
                503,
                "outbox-full",
            ),
            (MailError::Blocked.into(), 403, "blocked"),
            (MailError::UnverifiedBlocked.into(), 403, "verified-only"),
            (MailError::TooManyBlocks.into(), 409, "too-many-blocks"),
            (MailError::UnknownCluster.into(), 404, "unknown-cluster"),
            (
                MailError::from(edge::LinkError::Away).into(),
                503,
                "redis-away",
            ),
            (bad_name(), 422, "bad-name"),
            (bad_address(&AddressError), 422, "bad-address"),
            (bad_path(&AddressError), 400, "bad-path"),
            (no_address(), 409, "no-name"),
        ];
        for (error, status, kind) in expected {
            let problem = error.into_problem();
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
            assert!(
                problem.detail.is_some_and(|detail| detail.ends_with('.')),
                "{kind}"
            );
        }
    }
}
