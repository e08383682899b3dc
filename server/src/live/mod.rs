//! `/live`: one socket per tab. docs/protocol.md describes the exchange.

mod frames;
mod handshake;
pub(crate) use handshake::connect;
mod socket;
