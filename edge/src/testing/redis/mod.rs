//! Real servers in temporary folders: one, a cluster, and a primary that Sentinels watch.

mod certificates;
pub use certificates::Certificates;

mod cluster;
pub use cluster::RedisCluster;

mod options;
pub use options::RedisOptions;

mod ports;

mod process;

mod sentinels;
pub use sentinels::RedisSentinels;

mod server;
pub use server::RedisServer;

#[cfg(test)]
mod tests;
