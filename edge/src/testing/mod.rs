//! For tests and benchmarks: a real Redis of their own, and a link to it that breaks on demand.
//!
//! [`RedisServer`] runs the installed `redis-server` on a socket in a temporary folder, [`RedisCluster`] six of them as a
//! cluster, [`RedisSentinels`] three of them and the Sentinels that watch them. [`Proxy`] sits between an engine and a server
//! and cuts, freezes, delays or drops the traffic. [`play_document`] tries the rules of a document out. All stop when dropped, and when the process is killed that started them.

mod documents;
pub use documents::{DocumentStart, play_document};

mod proxy;
pub use proxy::Proxy;

mod redis;
pub use redis::{Certificates, RedisCluster, RedisOptions, RedisSentinels, RedisServer};

mod relay;

mod upstream;
