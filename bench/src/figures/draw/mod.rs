//! Rounds of the draw as players grow in number.

mod growth;
pub(super) use growth::growth;

mod rounds;
pub(super) use rounds::{REGIONS, observe, variables};
