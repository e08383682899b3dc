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
    /// Its path, such as `/party`, by which others link to it; empty where they are not to.
    pub path: String,
    /// The picture that is shown where the page is shared.
    pub card: Option<Card>,
}

/// A picture of a page, for those who have not opened it yet.
///
/// Everybody sees the same one, so it holds nothing that is one visitor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its path.
    pub path: String,
    /// What it shows, in words.
    pub alt: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// The site that a page belongs to, in the context of what a server renders.
///
/// The same for every visitor of an instance, so that a page that is cached for all of them may hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The site's name.
    pub site: &'static str,
    /// Its URL, without a trailing slash: by which links name its pages, whichever host served them.
    pub url: String,
}
