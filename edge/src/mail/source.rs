//! Mailboxes as sessions watch them.

use super::{Credentials, Mail, MailError};
use crate::hub::{Source, Update, Viewer, WatchError};
use crate::redis::LinkError;
use protocol::{MailAddress, Mailbox, MailboxTopic, Problem};
use tokio::task::JoinSet;
use tracing::error;

/// Mailboxes as a source of frames.
pub(crate) struct MailboxSource(pub(crate) Mail);

impl Source for MailboxSource {
    type Topic = MailboxTopic;

    /// Each has a slot and a script call of its own: this many wait for Redis at the same time.
    const LOAD_MAX: usize = 64;

    /// A mailbox is for its owner only.
    async fn admit(
        &self,
        viewer: &Viewer,
        address: MailAddress,
    ) -> Result<MailAddress, WatchError> {
        let address = self.0.resolve(address).map_err(|_| WatchError::Denied)?;
        match self
            .0
            .is_owner(&address, &Credentials::from(viewer.person))
            .await
        {
            Ok(true) => Ok(address),
            Err(MailError::Link(error)) => Err(error.into()),
            Ok(false) | Err(_) => Err(WatchError::Denied),
        }
    }

    fn channel(&self, address: &MailAddress) -> Option<String> {
        Some(self.0.shared.keys.mail_changes(address))
    }

    /// A mailbox without an owner has no revision.
    fn over(&self, mailbox: &Mailbox) -> Option<Problem> {
        (mailbox.rev == 0).then(|| {
            Problem::new(410, "address-given-back", "This address is no longer yours").with_detail(
                "It was given back, and its mail is deleted. Reload the page to choose another.",
            )
        })
    }

    async fn load(
        &self,
        addresses: &[MailAddress],
    ) -> Result<Vec<Option<Update<Mailbox>>>, LinkError> {
        let mut calls = JoinSet::new();
        for (at, address) in addresses.iter().enumerate() {
            let (mail, address) = (self.0.clone(), address.clone());
            calls.spawn(async move { (at, mail.news(&address).await) });
        }
        let mut loaded = vec![None; addresses.len()];
        while let Some(called) = calls.join_next().await {
            match called {
                Ok((at, Ok(mailbox))) => loaded[at] = Some(mailbox.into()),
                Ok((_, Err(MailError::Link(error)))) if !error.is_of_the_call() => {
                    return Err(error);
                }
                // One that fails must not keep the others back.
                Ok((_, Err(error))) => error!(%error, "Failed to load a mailbox"),
                Err(error) => error!(%error, "Failed to load a mailbox"),
            }
        }
        Ok(loaded)
    }
}
