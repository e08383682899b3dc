//! The pages, a file for each.

mod world;
pub(crate) use world::WorldPage;
mod parties;
pub(crate) use parties::PartiesPage;
mod party;
pub(crate) use party::PartyPage;
mod mail;
pub(crate) use mail::MailPage;
mod draw;
pub(crate) use draw::DrawPage;
