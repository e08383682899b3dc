//! What can go wrong with a request, and what the client is told of it.

mod http;
pub(crate) use http::HttpError;

mod mail;
pub(crate) use mail::MailRefusal;

mod detail;
mod engine;

#[cfg(test)]
mod tests;
