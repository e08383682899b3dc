//! Why mail fails, and what the client is told.

use crate::error::HttpError;
use crate::extract::key_reused;
use edge::MailError;
use protocol::{AddressError, MailAddress, RegionCode};

impl From<MailError> for HttpError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::UnknownPlace { place, near } => unknown_place(&place, &near),
            MailError::Elsewhere(cluster) => elsewhere(&cluster),
            MailError::Reserved => Self::new(403, "reserved-address", "Only servers use this address")
                .with_detail("Servers send notices from it. Choose another name."),
            MailError::NotOwner => Self::new(401, "not-owner", "This address isn't yours").with_detail(
                "Claim the address first. Then use the token that the claim returned, or the browser it was made in.",
            ),
            MailError::Taken => Self::new(409, "address-taken", "This address is taken")
                .with_detail("Somebody has claimed it. Choose another name."),
            MailError::GivenBack => Self::new(409, "address-given-back", "This address was given back")
                .with_detail("For 30 days, only the person who gave it back may claim it. Choose another name."),
            MailError::KeyReused => key_reused(),
            MailError::TooManyFrom(seconds) => too_many_of_address(
                seconds,
                "Messages were sent too fast from this address.",
            ),
            MailError::TooManyTo(seconds) => {
                too_many_of_address(seconds, "Too many messages are being sent to that address.")
            }
            MailError::OutboxFull(cluster) => outbox_full(&cluster),
            MailError::Link(error) => Self::redis_away(&error),
            error => Self::logged(&error),
        }
    }
}

fn unknown_place(place: &RegionCode, near: &[String]) -> HttpError {
    let near = match near {
        [] => String::new(),
        [one] => format!(" Did you mean {one}?"),
        [first @ .., last] => format!(" Did you mean {} or {last}?", first.join(", ")),
    };
    HttpError::new(404, "unknown-place", "Unknown region").with_detail(format!(
        "There is no region `{place}`.{near} An address begins with its region."
    ))
}

fn elsewhere(cluster: &str) -> HttpError {
    HttpError::new(
        422,
        "address-elsewhere",
        "This address is in another cluster",
    )
    .with_detail(format!(
        "It belongs to the cluster {cluster}. Claim it, read its mail and send from it there."
    ))
}

fn outbox_full(cluster: &str) -> HttpError {
    HttpError::new(
        503,
        "outbox-full",
        "Too much mail is waiting for that cluster",
    )
    .with_detail(format!(
        "The cluster {cluster} isn't accepting mail, and its queue is full. Try again later."
    ))
}

fn too_many_of_address(seconds: u32, reason: &str) -> HttpError {
    HttpError::too_many("too-many-messages", "Too many messages", seconds, reason)
}

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
    let detail = error.to_string();
    let detail = detail
        .strip_prefix('a')
        .map(|rest| format!("A{rest}."))
        .unwrap_or(detail);
    HttpError::new(422, "bad-address", "That address isn't valid").with_detail(detail)
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

    #[test]
    fn every_error_has_its_status_and_kind_and_says_what_to_do() {
        let place = RegionCode::parse("4").unwrap();
        let unknown = MailError::UnknownPlace {
            place,
            near: vec![],
        };
        let expected: [(HttpError, u16, &str); 15] = [
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
            (too_many_claims(3), 429, "too-many-claims"),
            (MailError::OutboxFull("x".into()).into(), 503, "outbox-full"),
            (
                MailError::from(edge::LinkError::Away).into(),
                503,
                "redis-away",
            ),
            (bad_name(), 422, "bad-name"),
            (bad_address(&AddressError), 422, "bad-address"),
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

    #[test]
    fn an_unknown_region_is_named_with_similar_ones() {
        let told = |near: &[&str]| {
            let near: Vec<_> = near.iter().map(|text| (*text).to_owned()).collect();
            unknown_place(&RegionCode::parse("orf").unwrap(), &near).to_string()
        };

        assert!(told(&[]).contains("`orf`. An address"));
        assert!(told(&["ord"]).contains("Did you mean ord?"));
        assert!(told(&["ord", "lax", "fra"]).contains("ord, lax or fra?"));
    }
}
