//! What the outbox tells a sender.

use super::Mail;
use crate::redis::LinkError;
use protocol::{MailAddress, MessageId, MessageText};

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
        let _asked = (address, id, note);
        todo!("engine")
    }

    /// Puts a notice from the postmaster of the address's region into its mailbox, once however often it is called
    /// about the same message.
    pub(super) async fn notice(
        &self,
        address: &MailAddress,
        about: &MessageId,
        text: &MessageText,
    ) -> Result<(), LinkError> {
        let _asked = (address, about, text);
        todo!("engine")
    }
}
