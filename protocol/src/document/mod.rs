//! Documents: small values that many people change together, by rules that are written once.
//!
//! A document has a part that everybody sees, the [`Document`] itself, and a part of each person's own, [`Document::Own`], that
//! nobody else sees: what one holds about persons never leaves a server for others, and no person needs a name. The rules are
//! one pure function, [`Document::apply`]. The server runs it to decide; the browser runs it to show a change before it is
//! confirmed.

mod code;
pub use code::{DocumentCode, DocumentCodeError};

mod page;
pub use page::{DocumentLink, DocumentState, NewDocumentState};

use crate::Problem;
use crate::live::{ClientFrame, RawJson, Topic};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::{Debug, Display};
use std::marker::PhantomData;

/// The longest change, in bytes of JSON.
pub const CHANGE_MAX_BYTES: usize = 4096;
/// Most changes of one session to one document that may wait for their answers.
pub const CHANGES_WAITING_MAX: usize = 64;

/// A small value that many people change together.
///
/// ```
/// use murmuration_protocol::live::NoKey;
/// use murmuration_protocol::{Document, Problem};
/// use serde::{Deserialize, Serialize};
///
/// /// Who likes this? Everybody may say so once.
/// #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
/// struct Likes(u32);
///
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// struct Like;
///
/// impl Document for Likes {
///     const NAME: &'static str = "likes";
///     type Key = NoKey;
///     type Own = bool;
///     type Change = Like;
///
///     fn first(_: &NoKey) -> Option<Self> {
///         Some(Self::default())
///     }
///
///     fn apply(&mut self, likes: &mut bool, Like: Like) -> Result<(), Problem> {
///         if std::mem::replace(likes, true) {
///             return Err(Problem::new(409, "liked-before", "You liked this before"));
///         }
///         self.0 += 1;
///         Ok(())
///     }
/// }
///
/// let (mut likes, mut ann) = (Likes::default(), false);
/// assert!(likes.apply(&mut ann, Like).is_ok());
/// assert!(likes.apply(&mut ann, Like).is_err());
/// assert_eq!(likes, Likes(1));
/// ```
pub trait Document:
    Serialize + DeserializeOwned + Clone + Debug + PartialEq + Send + Sync + 'static
{
    /// The name of its topic: lower-case letters and digits. Part of frames, keys and paths.
    const NAME: &'static str;
    /// The most bytes of JSON that the part which everybody sees may have. All who watch it get that much at each change.
    const MAX_BYTES: usize = 16 << 10;
    /// The most bytes of JSON that a person's own part may have.
    const OWN_MAX_BYTES: usize = 4 << 10;

    /// Identifies one of the kind: [`DocumentCode`] where people create them, [`NoKey`](crate::live::NoKey) where there is only
    /// one. Any other is no empty text, and a text in JSON.
    type Key: TryFrom<String>
        + Display
        + Serialize
        + DeserializeOwned
        + Clone
        + PartialEq
        + Debug
        + Send
        + Sync
        + 'static;
    /// What it holds of one person, and shows to that person alone. `Default` is what it holds of somebody who never changed
    /// it.
    type Own: Serialize + DeserializeOwned + Clone + Debug + Default + PartialEq + Send + Sync;
    /// What people can do.
    type Change: Serialize + DeserializeOwned + Clone + Debug + PartialEq + Send + Sync;

    /// Lets the person whose part is `own` change the document, or says why not.
    ///
    /// It must depend on nothing but these three. Where it refuses, what it left in `self` and `own` is dropped.
    ///
    /// # Errors
    /// Why the change is refused, as the person is told; 409 (conflict) is the usual status.
    fn apply(&mut self, own: &mut Self::Own, change: Self::Change) -> Result<(), Problem>;

    /// The document that is there before anybody created it; `None` where documents are created.
    #[must_use]
    fn first(_key: &Self::Key) -> Option<Self> {
        None
    }

    /// The path of its page: `/NAME`, and the key where there is one. Only a document of which there is one may be on
    /// another page.
    #[must_use]
    fn path(key: &Self::Key) -> String {
        match key.to_string().as_str() {
            "" => format!("/{}", Self::NAME),
            key => format!("/{}/{key}", Self::NAME),
        }
    }

    /// Takes out what nobody may see yet, before the document leaves the server. [`apply`](Self::apply) must cope without.
    fn redact(&mut self) {}
}

/// A document that people create. Its key is made of a random number, and nobody's to guess.
pub trait Create: Document<Key: From<u128>> {
    /// What they say of the new one: a struct, with no field named `device_id`. `Default` is what an empty form says.
    type New: Serialize
        + DeserializeOwned
        + Clone
        + Debug
        + Default
        + PartialEq
        + Send
        + Sync
        + 'static;

    /// The new document, and what it holds of its maker.
    ///
    /// # Errors
    /// Why there can be no such document, as the person is told; 422 is the usual status.
    fn create(new: Self::New) -> Result<(Self, Self::Own), Problem>;

    /// What it is called in lists, and as the title of its page.
    #[must_use]
    fn title(&self) -> String;
}

/// A document at a revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revised<D> {
    /// Grows whenever what anybody sees of it changes.
    pub rev: u64,
    /// The document.
    pub value: D,
}

/// What one person sees of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seen<D, O> {
    /// Grows whenever what anybody sees of it changes.
    pub rev: u64,
    /// What everybody sees.
    pub value: D,
    /// What only this person sees.
    pub own: O,
}

/// The topic of a kind of document. The state is `None` where there is no document of that key.
pub struct DocumentTopic<D>(PhantomData<D>);

impl<D: Document> Topic for DocumentTopic<D> {
    const NAME: &'static str = D::NAME;
    type Key = D::Key;
    type State = Option<Revised<D>>;
}

impl ClientFrame {
    /// The frame that changes a document, where the change can be written as JSON.
    pub fn change<D: Document>(key: &D::Key, seq: u64, change: &D::Change) -> Option<Self> {
        Some(Self::Change {
            topic: D::NAME.into(),
            key: key.to_string(),
            seq,
            change: RawJson::of(change)?,
        })
    }
}
