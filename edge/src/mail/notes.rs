//! What the outbox reports to a sender.

use super::Mail;
use super::store::LetterToStore;
use crate::redis::LinkError;
use protocol::{MailAddress, MessageId, MessageText, POSTMASTER, Waiting};
use rand::RngExt;

/// The delivery status of a letter to another cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// The other cluster has not accepted it yet.
    Later {
        /// How many times delivery was tried.
        attempts: u32,
        /// Why the last try failed.
        reason: String,
    },
    /// Delivery failed for good.
    Failed {
        /// How many times delivery was tried.
        attempts: u32,
        /// Why.
        reason: String,
    },
    /// The other cluster has it.
    Taken,
}

impl Mail {
    /// Records the delivery status of a letter that the address's owner wrote. Idempotent, and independent of whether the
    /// owner's copy is stored before or after. Only for senders who have claimed their address: the entry's `verified`.
    pub(super) async fn note(
        &self,
        address: &MailAddress,
        id: &MessageId,
        note: Note,
    ) -> Result<(), LinkError> {
        let waiting = |attempts, reason, has_failed| Waiting {
            id: id.clone(),
            attempts,
            reason,
            has_failed,
        };
        let waiting = match note {
            Note::Later { attempts, reason } => Some(waiting(attempts, reason, false)),
            Note::Failed { attempts, reason } => Some(waiting(attempts, reason, true)),
            Note::Taken => None,
        };
        let is_end = waiting.as_ref().is_none_or(|waiting| waiting.has_failed);
        // A plain struct of strings and numbers always serializes.
        let json = waiting.and_then(|waiting| serde_json::to_string(&waiting).ok());
        let store = self.store();
        store.note(address, id, json.as_deref(), is_end).await
    }

    /// Sends a notice about a message from the postmaster of the address's region; at most one per message.
    pub(super) async fn notice(
        &self,
        address: &MailAddress,
        about: &MessageId,
        text: &MessageText,
    ) -> Result<(), LinkError> {
        let Ok(postmaster) = MailAddress::new(address.place().clone(), POSTMASTER) else {
            return Ok(());
        };
        let putting = LetterToStore {
            address,
            // Created here, so nobody can have sent it before.
            id: &MessageId::of(rand::rng().random()),
            other: &postmaster,
            text: text.as_str(),
            verified: true,
            sent_ms: None,
            known_as: Some(format!("notice:{about}")),
        };
        self.store().store(putting, None).await.map(drop)
    }
}
