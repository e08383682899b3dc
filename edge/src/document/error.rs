//! Why a document is not changed.

use crate::redis::LinkError;
use protocol::Problem;

/// Why a document is not changed, or not created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The document's rules refuse it.
    #[error("refused: {}", .0.title)]
    Refused(Problem),
    /// There is no document of that key.
    #[error("there is no such document")]
    Unknown,
    /// There are no documents of that kind: a newer page than this server.
    #[error("there is no such kind of document")]
    UnknownTopic,
    /// The key or the change is not one of that kind of document.
    #[error("{0}")]
    Unreadable(String),
    /// The document, or what it holds of the person, would become larger than it may be.
    #[error("a document has at most {max_bytes} bytes")]
    TooLarge {
        /// The most bytes, as JSON.
        max_bytes: usize,
    },
    /// The person created as many documents as they may.
    #[error("a person creates at most {max} of these documents")]
    TooMany {
        /// How many they may.
        max: u32,
    },
    /// Too many changes wait.
    #[error("too many changes wait")]
    Busy,
    /// The idempotency key came with another change before.
    #[error("the key was used for another change")]
    KeyReused,
    /// The instance is about to end: ask another.
    #[error("this instance shuts down")]
    Stopping,
    /// Redis did not answer: it may or may not be done. Repeat it with the same idempotency key.
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl ChangeError {
    /// It as people are told.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) => problem,
            Self::Unknown => Problem::new(404, "unknown-document", "Not found")
                .with_detail("It may have expired, or the address is wrong. Check the address."),
            Self::UnknownTopic => {
                Problem::new(404, "unknown-topic", "This server can’t do that yet")
                    .with_detail("The page may be newer than the server. Try again in a minute.")
            }
            Self::Unreadable(reason) => {
                Problem::new(422, "bad-change", "That isn’t a valid change").with_detail(reason)
            }
            Self::TooLarge { max_bytes } => Problem::new(
                413,
                "document-too-large",
                "That is too large",
            )
            .with_detail(format!(
                "There is room for {max_bytes} bytes. Shorten or remove something, then try again."
            )),
            Self::TooMany { max } => Problem::new(409, "too-many-documents", "Limit reached")
                .with_detail(format!(
                    "You have created {max} of these, the most at a time. Try again when one is gone: those that nobody uses are \
                     deleted after a while."
                )),
            Self::Busy => Problem::new(503, "too-many-changes-waiting", "The server is busy")
                .with_detail("Too many changes are waiting. Try again in a few seconds."),
            Self::KeyReused => {
                Problem::new(422, "key-reused", "The Idempotency-Key was used before")
                    .with_detail("It came with something else. Use a new key for each.")
            }
            Self::Stopping => Problem::new(503, "not-ready", "This server is not ready")
                .with_detail("Try again in a few seconds."),
            Self::Link(_) => {
                Problem::new(503, "redis-away", "The servers cannot reach their storage")
                    .with_detail("It may have been saved. Look before you try again.")
            }
        }
    }
}
