//! Whose letters a mailbox does not accept.

use super::MailAddress;
use serde::{Deserialize, Serialize};

/// Whose letters an address does not accept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailBlocks {
    /// These senders'.
    pub senders: Vec<MailAddress>,
    /// Those of all senders in these other clusters.
    #[cfg_attr(feature = "openapi", schema(examples(json!(["starlings"]))))]
    pub clusters: Vec<String>,
    /// Whether those of all unverified senders.
    pub unverified: bool,
}
