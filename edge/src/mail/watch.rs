//! Mailboxes as sessions show them.

use super::{Mail, MailError};
use crate::hub::{Source, Watches, encode};
use crate::redis::LinkError;
use bytes::Bytes;
use protocol::MailAddress;
use protocol::live::ServerFrame;
use tokio::task::JoinSet;
use tracing::error;

/// What frames tell of mailboxes.
pub(crate) struct MailSource(pub(crate) Mail);

impl Source for MailSource {
    type Key = MailAddress;

    const NAME: &'static str = "Mailboxes";
    /// Each has a slot and a script call of its own: this many wait for Redis at the same time.
    const READ_MAX: usize = 64;

    fn watches(&self) -> &Watches<MailAddress> {
        self.0.watches()
    }

    async fn read(&self, addresses: &[MailAddress]) -> Result<Vec<Option<Bytes>>, LinkError> {
        let mut calls = JoinSet::new();
        for (at, address) in addresses.iter().enumerate() {
            let (mail, address) = (self.0.clone(), address.clone());
            calls.spawn(async move { (at, mail.news(&address).await) });
        }
        let mut frames = vec![None; addresses.len()];
        while let Some(called) = calls.join_next().await {
            match called {
                Ok((at, Ok(mailbox))) => frames[at] = encode(&ServerFrame::Mail { mailbox }),
                Ok((_, Err(MailError::Link(error)))) if !error.is_of_the_call() => {
                    return Err(error);
                }
                // One that cannot be read must not keep the others from it.
                Ok((_, Err(error))) => error!(%error, "A mailbox cannot be told of"),
                Err(error) => error!(%error, "A mailbox cannot be told of"),
            }
        }
        Ok(frames)
    }

    fn count_frame(&self) {
        self.0.metrics().mail_frames.inc();
    }
}
