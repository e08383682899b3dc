//! Dispatch: which live region is nearest, and which of its instances has the most room.
