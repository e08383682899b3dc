//! The pictures that are shown where pages are shared. A server draws them.

use live::Card;

/// The width of every card, in pixels.
pub const CARD_WIDTH: u32 = 1200;
/// The height of every card, in pixels.
pub const CARD_HEIGHT: u32 = 630;

/// A page's own card, and what it shows in words.
pub(crate) fn card(path: String, alt: String) -> Option<Card> {
    Some(Card {
        path,
        alt,
        width: CARD_WIDTH,
        height: CARD_HEIGHT,
    })
}

/// The world's card: of the world's page, and of those that have none of their own or must not show what is on them.
#[must_use]
pub fn world_card() -> Option<Card> {
    let alt = "One number over a map of the world, with a light for each region";
    card("/cards/world.png".into(), alt.into())
}
