//! What tests and benchmarks stand on: a real Redis of their own, and a link to it that breaks on demand.
//!
//! [`RedisServer`] is the installed `redis-server` on a socket in a temporary folder. [`Proxy`] stands
//! between an engine and that server and cuts, freezes, slows or half-loses what passes. Neither
//! outlives its value.

mod proxy;
pub use proxy::Proxy;

mod redis;
pub use redis::RedisServer;

mod relay;

mod upstream;
