//! The names of the draw's keys.

use crate::redis::Keys;

impl Keys {
    /// The keys of every script of the draw, in the order in which `prelude.lua` names them; the last is the channel of
    /// changes.
    pub(super) fn draw_all(&self) -> [String; 7] {
        [
            "round",
            "making",
            "lease",
            "fence",
            "asked",
            "points:",
            Self::CHANGES,
        ]
        .map(|name| self.tagged("draw", name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_draw_share_a_slot() {
        for key in Keys::new("test:", 0).draw_all() {
            assert!(key.starts_with("test:{draw}:1:"), "{key}");
        }
    }
}
