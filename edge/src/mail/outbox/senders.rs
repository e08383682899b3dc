//! Reports delivery to senders.

use super::{OutboxEntry, texts};
use crate::mail::Mail;
use crate::mail::notes::Note;
use crate::redis::LinkError;
use tokio::task::JoinSet;

/// Reports in progress. Senders who have claimed their address see the status beside their copy; a failed delivery is
/// also reported to everyone in a notice.
#[derive(Default)]
pub(super) struct SenderNotices {
    calls: JoinSet<Result<(), LinkError>>,
}

impl SenderNotices {
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
        let notice = texts::notice(entry, attempts, &reason);
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

    /// Waits for all reports. On an error the remaining calls are aborted with the set.
    pub(super) async fn finish(mut self) -> Result<(), LinkError> {
        while let Some(reported) = self.calls.join_next().await {
            // A call that panicked reported nothing.
            reported.unwrap_or(Err(LinkError::Away))?;
        }
        Ok(())
    }
}
