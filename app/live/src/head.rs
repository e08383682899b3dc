//! What a page says of itself: to the browser's tab, to search engines, and where it is shared.

/// [`Head::robots`] of a page that only those who have its link are to find.
pub const NOT_INDEXED: Option<&str> = Some("noindex");

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// What search engines are to do with it; `None` where they may find it.
    pub robots: Option<&'static str>,
}
