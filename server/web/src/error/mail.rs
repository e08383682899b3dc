//! Why mail fails, and what the client is told.

use super::HttpError;
use crate::extract::key_reused;
use edge::MailError;
use protocol::RegionCode;

/// What is limited more than the mail of verified senders.
const UNVERIFIED: &str = "Too many messages of unverified senders are being sent to that address. \
     Claim your address: then only your own messages count.";

impl From<MailError> for HttpError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::UnknownPlace { place, near } => unknown_place(&place, &near),
            MailError::Elsewhere(cluster) => elsewhere(&cluster),
            MailError::Reserved => Self::new(403, "reserved-address", "Only servers use this address")
                .with_detail("Servers send notices and answers from it. Choose another name."),
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
            MailError::TooManyUnverifiedTo(seconds) => too_many_of_address(seconds, UNVERIFIED),
            MailError::TooManyUnverifiedFrom(seconds) => too_many_of_address(
                seconds,
                "Too many messages of unverified senders came from your network. Claim your address to send more.",
            ),
            MailError::OutboxFull(cluster) => outbox_full(&cluster),
            MailError::OutboxShare(cluster, is_verified) => outbox_share(&cluster, is_verified),
            MailError::Blocked => Self::new(403, "blocked", "This address does not accept letters from you")
                .with_detail("Its owner has blocked you. Your letter was not delivered."),
            MailError::UnverifiedBlocked => Self::new(
                403,
                "verified-only",
                "This address accepts letters from verified senders only",
            )
            .with_detail("Claim your address, then send your letter again."),
            MailError::TooManyBlocks => Self::new(409, "too-many-blocks", "Too many blocks")
                .with_detail("Remove one first."),
            MailError::UnknownCluster => Self::new(404, "unknown-cluster", "Unknown cluster")
                .with_detail("No cluster that exchanges mail with this one has that name."),
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

fn outbox_share(cluster: &str, is_verified: bool) -> HttpError {
    let whose = match is_verified {
        true => "your mail",
        false => "unverified mail",
    };
    let title = format!("Too much of {whose} is waiting for that cluster");
    HttpError::new(503, "outbox-full", &title).with_detail(format!(
        "The cluster {cluster} isn't accepting mail at present. Try again later."
    ))
}

fn too_many_of_address(seconds: u32, reason: &str) -> HttpError {
    HttpError::too_many("too-many-messages", "Too many messages", seconds, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

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
