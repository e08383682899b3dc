//! What clusters send each other over signed HTTP.

use super::{MailAddress, MessageId, MessageText};
use crate::{Problem, RegionCode};
use serde::{Deserialize, Serialize};

/// The answer to `GET /api/federation`: what another cluster needs to know to write here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Federation {
    /// The cluster's name.
    #[cfg_attr(feature = "openapi", schema(examples("murmuration")))]
    pub name: String,
    /// The Ed25519 key that its tokens are checked with, as a PASERK `k4.public` text.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("k4.public.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8"))
    )]
    pub public_key: String,
    /// Its regions: addresses there are of this cluster.
    pub places: Vec<RegionCode>,
}

/// A message on its way to another cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Federated {
    /// Its id: a message is stored once however often it comes.
    pub id: MessageId,
    /// Whom it is for, at a place of the receiving cluster.
    #[cfg_attr(feature = "openapi", schema(examples("fra-finch")))]
    pub to: MailAddress,
    /// Who wrote it, at a place of the sending cluster.
    pub from: MailAddress,
    /// What it says.
    pub message: MessageText,
    /// When the sending cluster stored it, in milliseconds since 1970.
    pub sent_ms: u64,
    /// Whether the sender has proved to the sending cluster that the address is theirs.
    pub verified: bool,
}

/// The body of `POST /api/federation/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FederatedBatch {
    /// The messages; those of one recipient in the order in which they were sent.
    pub messages: Vec<Federated>,
}

/// What became of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum FederatedOutcome {
    /// It is stored, now or from an earlier call.
    Stored,
    /// Not now: send it again, and after it all others of that recipient.
    Later {
        /// Why.
        problem: Problem,
    },
    /// Not now or ever.
    Refused {
        /// Why.
        problem: Problem,
    },
}

/// The answer to `POST /api/federation/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FederatedOutcomes {
    /// What became of each message, in the order of the call.
    pub outcomes: Vec<FederatedOutcome>,
}
