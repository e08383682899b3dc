//! Ports for servers.

use rand::RngExt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;

/// How often a start is tried, should others take a port that was just free.
const STARTS_TRIED: usize = 10;
/// How often a port is looked for.
const PORTS_TRIED: usize = 1_000;
/// Below those that Linux gives to outgoing connections (ip(7), `ip_local_port_range`): one of these might take the port of
/// a server that is dead for a while.
const PORTS: Range<u16> = 10_000..32_000;

/// So many ports of 127.0.0.1 on which nobody listens.
///
/// # Errors
/// Where there are not that many.
pub(super) fn free_ports(count: usize) -> io::Result<Vec<u16>> {
    // Held until all are found: no port is found twice.
    let mut listeners = Vec::new();
    let mut ports = Vec::new();
    for _ in 0..PORTS_TRIED {
        if ports.len() == count {
            return Ok(ports);
        }
        let port = rand::rng().random_range(PORTS);
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => {
                listeners.push(listener);
                ports.push(port);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AddrNotAvailable.into())
}

/// Starts what finds free ports for itself; again, should somebody take one before it does.
///
/// # Errors
/// Those of the start.
pub(super) async fn on_free_ports<T>(start: impl AsyncFn() -> io::Result<T>) -> io::Result<T> {
    let mut tries = 1;
    loop {
        match start().await {
            Err(error) if tries < STARTS_TRIED && error.to_string().contains("in use") => {
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}
