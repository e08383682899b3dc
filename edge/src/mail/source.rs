//! Mailboxes as sessions watch them.

use super::{Credentials, Mail, MailError};
use crate::PersonId;
use crate::hub::{Personal, PersonalSource, Source, Update, Viewer, WatchError};
use crate::redis::LinkError;
use protocol::{MailAddress, Mailbox, MailboxTopic, Problem, UnreadLettersTopic};
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
        let read = |mail: Mail, address| async move { mail.news(&address).await };
        let loaded = each(&self.0, addresses, read).await?.into_iter();
        Ok(loaded.map(|mailbox| Some(mailbox?.into())).collect())
    }
}

/// How many letters people have not seen, as a source of frames.
pub(crate) struct UnreadLettersSource(pub(crate) Mail);

impl PersonalSource for UnreadLettersSource {
    type Topic = UnreadLettersTopic;

    /// Every page of everybody asks for its own, such as all of an instance at once when they come back to it.
    const LOAD_MAX: usize = 500;

    /// That of which address is theirs; letters announce themselves on the mailbox's.
    fn channel(&self, person: PersonId) -> String {
        self.0.shared.keys.mail_person_changes(person)
    }

    async fn load(
        &self,
        persons: Vec<PersonId>,
    ) -> Result<Vec<Option<Personal<UnreadLettersTopic>>>, LinkError> {
        let read = |mail: Mail, person| async move {
            let nothing = Personal {
                state: 0,
                also: None,
            };
            let Some(address) = mail.last_address_of(person).await? else {
                return Ok(nothing);
            };
            match mail.unread(&address, person).await {
                Ok(state) => Ok(Personal {
                    state,
                    also: Some(mail.shared.keys.mail_unread(&address)),
                }),
                // It is no longer theirs.
                Err(MailError::NotOwner) => Ok(nothing),
                Err(error) => Err(error),
            }
        };
        each(&self.0, &persons, read).await
    }
}

/// Reads each of these side by side; what was read, in this order. One that fails must not keep the others back.
async fn each<A, T, F>(
    mail: &Mail,
    all: &[A],
    read: impl Fn(Mail, A) -> F,
) -> Result<Vec<Option<T>>, LinkError>
where
    A: Clone,
    T: Send + 'static,
    F: Future<Output = Result<T, MailError>> + Send + 'static,
{
    let mut calls = JoinSet::new();
    for (at, one) in all.iter().enumerate() {
        let call = read(mail.clone(), one.clone());
        calls.spawn(async move { (at, call.await) });
    }
    let mut loaded: Vec<_> = all.iter().map(|_| None).collect();
    while let Some(called) = calls.join_next().await {
        match called {
            Ok((at, Ok(found))) => loaded[at] = Some(found),
            Ok((_, Err(MailError::Link(error)))) if !error.is_of_the_call() => return Err(error),
            Ok((_, Err(error))) => error!(%error, "Failed to load a mailbox"),
            Err(error) => error!(%error, "Failed to load a mailbox"),
        }
    }
    Ok(loaded)
}
