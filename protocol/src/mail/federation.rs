//! What clusters send to each other over signed HTTP.

use super::{MailAddress, MessageId, MessageText};
use crate::{Problem, RegionCode};
use serde::{Deserialize, Serialize};

/// The answer to `GET /api/federation`: what another cluster needs to know to send mail here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Federation {
    /// The cluster's name.
    #[cfg_attr(feature = "openapi", schema(examples("murmuration")))]
    pub name: String,
    /// The Ed25519 key that verifies its tokens, as a PASERK `k4.public` string.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("k4.public.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8"))
    )]
    pub public_key: String,
    /// Its regions: addresses there belong to it.
    pub places: Vec<RegionCode>,
}

/// A message on its way to another cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Federated {
    /// Its id: a message is stored once, however often it is sent.
    pub id: MessageId,
    /// The recipient, in a region of the receiving cluster.
    #[cfg_attr(feature = "openapi", schema(examples("fra-finch")))]
    pub to: MailAddress,
    /// The sender, in a region of the sending cluster.
    pub from: MailAddress,
    /// The text.
    pub message: MessageText,
    /// When the sending cluster stored it, in milliseconds since 1970.
    pub sent_ms: u64,
    /// Whether the sender has proved to the sending cluster that they own the address.
    pub verified: bool,
}

/// The body of `POST /api/federation/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FederatedBatch {
    /// The messages; those of one sender to one recipient in the order in which they were sent.
    pub messages: Vec<Federated>,
}

/// The outcome of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum FederatedOutcome {
    /// It is stored, by this call or an earlier one.
    Stored,
    /// Not accepted now: send it again, followed by all later ones of that sender to that recipient.
    Later {
        /// Why.
        problem: Problem,
    },
    /// Rejected permanently.
    Refused {
        /// Why.
        problem: Problem,
    },
}

/// The answer to `POST /api/federation/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FederatedOutcomes {
    /// The outcome of each message, in the order of the request.
    pub outcomes: Vec<FederatedOutcome>,
}
