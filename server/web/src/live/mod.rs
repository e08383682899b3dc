//! `/live`: one socket per tab, or requests where something blocks sockets. docs/protocol.md describes the frames.

mod changes;
mod decoder;
mod exchange;
pub(crate) use exchange::{EXCHANGE_MAX_BYTES, exchange};
mod frames;
mod gathering;
mod handshake;
pub(crate) use handshake::connect;
mod session;
mod socket;
mod wire;
