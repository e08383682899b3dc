//! What the outbox tells a sender.

use super::Mail;
use super::store::Putting;
use crate::redis::LinkError;
use protocol::{MailAddress, MessageId, MessageText, POSTMASTER, Waiting};
use rand::RngExt;

/// What there is to say of an own letter for another cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// The other cluster did not take it yet.
    Later {
        /// How often it was tried.
        attempts: u32,
        /// Why the last try did not help.
        reason: String,
    },
    /// It was given up.
    Failed {
        /// How often it was tried.
        attempts: u32,
        /// Why.
        reason: String,
    },
    /// The other cluster has it: it waits no longer.
    Taken,
}

impl Mail {
    /// Notes what became of a letter that the owner of that address wrote. Once noted, noting it again changes
    /// nothing; whether the owner's copy is stored before or after makes no difference. Only for senders who have
    /// claimed their address: the entry's `verified`.
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
        // A plain struct of texts and numbers is always JSON.
        let json = waiting.and_then(|waiting| serde_json::to_string(&waiting).ok());
        let store = self.store();
        store.note(address, id, json.as_deref(), is_end).await
    }

    /// Puts a notice from the postmaster of the address's region into its mailbox, once however often it is called
    /// about the same message.
    pub(super) async fn notice(
        &self,
        address: &MailAddress,
        about: &MessageId,
        text: &MessageText,
    ) -> Result<(), LinkError> {
        let Ok(postmaster) = MailAddress::new(address.place().clone(), POSTMASTER) else {
            return Ok(());
        };
        let putting = Putting {
            address,
            // Of this cluster alone: nobody can have sent it before.
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
