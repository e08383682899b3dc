//! Tells senders what became of their messages.

use super::{OutboxEntry, words};
use crate::mail::Mail;
use crate::mail::notes::Note;
use crate::redis::LinkError;
use tokio::task::JoinSet;

/// Senders who are being told what became of their messages. Those who have claimed their address have a copy with a
/// note beside it; that a message was given up is in a notice to all.
#[derive(Default)]
pub(super) struct Senders {
    calls: JoinSet<Result<(), LinkError>>,
}

impl Senders {
    pub(super) fn taken(&mut self, mail: &Mail, entry: &OutboxEntry) {
        self.note(mail, entry, Note::Taken);
    }

    pub(super) fn later(&mut self, mail: &Mail, entry: &OutboxEntry, attempts: u32, reason: &str) {
        let reason = reason.to_owned();
        self.note(mail, entry, Note::Later { attempts, reason });
    }

    pub(super) fn failed(
        &mut self,
        mail: &Mail,
        entry: &OutboxEntry,
        attempts: u32,
        reason: String,
    ) {
        let (mail, is_owner) = (mail.clone(), entry.message.verified);
        let (from, id) = (entry.message.from.clone(), entry.message.id.clone());
        let notice = words::notice(entry, attempts, &reason);
        self.calls.spawn(async move {
            if is_owner {
                let failed = Note::Failed { attempts, reason };
                mail.note(&from, &id, failed).await?;
            }
            match notice {
                Some(text) => mail.notice(&from, &id, &text).await,
                None => Ok(()),
            }
        });
    }

    fn note(&mut self, mail: &Mail, entry: &OutboxEntry, note: Note) {
        if !entry.message.verified {
            return;
        }
        let mail = mail.clone();
        let (from, id) = (entry.message.from.clone(), entry.message.id.clone());
        self.calls
            .spawn(async move { mail.note(&from, &id, note).await });
    }

    /// Waits until all are told. None is left behind on an error: the set's calls end with it.
    pub(super) async fn told(mut self) -> Result<(), LinkError> {
        while let Some(told) = self.calls.join_next().await {
            // A call that panicked told nobody.
            told.unwrap_or(Err(LinkError::Away))?;
        }
        Ok(())
    }
}
