//! What the pages of all features share.

pub(crate) mod answer;
pub(crate) mod origins;
pub(crate) mod policy;
pub(crate) mod render;
pub(crate) mod visitor;
