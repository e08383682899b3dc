//! For tests and benchmarks: a real Redis of their own, and a link to it that breaks on demand.
//!
//! [`RedisServer`] runs the installed `redis-server` on a socket in a temporary folder. [`Proxy`] sits between an engine
//! and that server and cuts, freezes, delays or drops the traffic. Both stop when dropped.

mod proxy;
pub use proxy::Proxy;

mod redis;
pub use redis::RedisServer;

mod relay;

mod upstream;
