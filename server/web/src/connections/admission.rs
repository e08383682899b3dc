//! Which connections are admitted.

use super::capacity::{Capacity, Load};
use super::counts::Counts;
use super::requests::Requests;
use crate::rate::household;
use ipnet::IpNet;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Connections beyond the last place: enough for those who ask whether the server lives, and for some who are told that it
/// is full.
const SPARE: usize = 64;
/// As many of them may be of one address.
const SPARE_OF_ADDRESS: u32 = 8;

/// How many connections there may be.
pub(crate) struct Bounds {
    /// In all.
    pub(crate) places: usize,
    /// Of one network address, which may have as many requests going on.
    pub(crate) of_address: u32,
    /// Proxies, each of which brings many addresses' requests.
    pub(crate) proxies: Vec<IpNet>,
}

/// Counts the open connections.
pub(crate) struct Admission {
    bounds: Bounds,
    state: Mutex<State>,
    /// Whether visitors should be sent here, as [`watch`](super::watch()) last found.
    is_open: AtomicBool,
    counts: Counts,
}

#[derive(Default)]
struct State {
    open: usize,
    of_address: HashMap<IpAddr, Known>,
    /// Whether the system gave no socket at the last try.
    is_failing: bool,
    capacity: Capacity,
}

/// An address with open connections.
struct Known {
    open: u32,
    requests: Requests,
}

/// Why a connection finds no place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Refusal {
    /// Its address has too many.
    Address,
    /// All are taken.
    Full,
}

impl Admission {
    /// Admission that nobody has passed yet.
    pub(crate) fn new(bounds: Bounds, counts: Counts) -> Self {
        Self {
            bounds,
            state: Mutex::default(),
            is_open: AtomicBool::new(true),
            counts,
        }
    }

    /// Lets a connection in, or says why it is to be closed at once.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Result<Place, Refusal> {
        let admitted = self.try_admit(peer);
        match &admitted {
            Ok(place) if place.is_spare => self.counts.refused(Refusal::Full),
            Ok(_) => {}
            Err(refusal) => self.counts.refused(*refusal),
        }
        admitted
    }

    fn try_admit(self: &Arc<Self>, peer: IpAddr) -> Result<Place, Refusal> {
        let peer = peer.to_canonical();
        let Bounds {
            places,
            of_address,
            proxies,
        } = &self.bounds;
        let mut state = self.state();
        let is_spare = state.open >= *places;
        if state.open >= places + SPARE {
            return Err(Refusal::Full);
        }
        let is_proxy = proxies.iter().any(|proxy| proxy.contains(&peer));
        let address = (!is_proxy).then(|| household(peer));
        let mut requests = None;
        if let Some(address) = address {
            let known = state.of_address.get(&address);
            let open = known.map_or(0, |known| known.open);
            // Who has many already has come before; the spare places are for others.
            if open >= *of_address || (is_spare && open >= SPARE_OF_ADDRESS) {
                return Err(Refusal::Address);
            }
            let known = state.of_address.entry(address).or_insert_with(|| Known {
                open: 0,
                requests: Requests::new(*of_address),
            });
            known.open += 1;
            requests = Some(known.requests.clone());
        }
        state.open += 1;
        drop(state);
        self.counts.open.inc();
        Ok(Place {
            admission: self.clone(),
            address,
            requests,
            is_spare,
        })
    }

    /// Notes whether the system gave a socket.
    pub(super) fn note_accept(&self, is_failing: bool) {
        if is_failing {
            self.counts.failed.inc();
        }
        self.state().is_failing = is_failing;
    }

    /// Decides whether visitors should be sent here; whether that has changed.
    pub(super) fn look(&self, now: Instant) -> Option<bool> {
        let mut state = self.state();
        let load = Load {
            open: state.open,
            places: self.bounds.places,
            is_failing: state.is_failing,
        };
        let is_open = state.capacity.has_room(load, now);
        let before = self.is_open.swap(is_open, Ordering::Relaxed);
        (before != is_open).then_some(is_open)
    }

    /// Whether visitors should be sent here.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned lock guards counts that are valid at every step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place, until dropped.
pub(crate) struct Place {
    admission: Arc<Admission>,
    /// Whose connection it is; `None` for a proxy's.
    address: Option<IpAddr>,
    /// All requests of that address.
    pub(super) requests: Option<Requests>,
    /// Whether it is one beyond the last.
    pub(super) is_spare: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.admission.state();
        state.open -= 1;
        if let Some(address) = self.address
            && let Some(known) = state.of_address.get_mut(&address)
        {
            known.open -= 1;
            if known.open == 0 {
                state.of_address.remove(&address);
            }
        }
        drop(state);
        self.admission.counts.open.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(places: usize, of_address: u32) -> Arc<Admission> {
        let bounds = Bounds {
            places,
            of_address,
            proxies: vec!["10.0.0.0/8".parse().unwrap()],
        };
        Arc::new(Admission::new(bounds, Counts::default()))
    }

    fn admit(admission: &Arc<Admission>, peer: &str) -> Result<Place, Refusal> {
        admission.admit(peer.parse().unwrap())
    }

    #[test]
    fn an_address_has_so_many_and_a_proxy_as_many_as_there_are() {
        let admission = admission(100, 2);

        let first = admit(&admission, "2001:db8::1");
        let _second = admit(&admission, "2001:db8::2").unwrap();
        assert_eq!(
            admit(&admission, "2001:db8::3").err(),
            Some(Refusal::Address)
        );
        assert!(admit(&admission, "2001:db8:0:1::3").is_ok());
        let proxied: Vec<_> = (0..9)
            .map(|_| admit(&admission, "::ffff:10.0.0.1"))
            .collect();
        assert!(proxied.iter().all(Result::is_ok));
        drop(first);

        assert!(admit(&admission, "2001:db8::3").is_ok());
    }

    #[test]
    fn beyond_the_last_place_there_are_a_few_spare_ones_for_everybody() {
        let admission = admission(2, 1000);
        let _taken = [(); 2].map(|()| admit(&admission, "192.0.2.1").unwrap());

        let spare: Vec<_> = (0..SPARE)
            .map_while(|_| admit(&admission, "192.0.2.2").ok())
            .collect();
        assert_eq!(spare.len(), SPARE_OF_ADDRESS as usize);
        assert!(spare.iter().all(|place| place.is_spare));
        let proxied: Vec<_> = (0..)
            .map_while(|_| admit(&admission, "10.0.0.1").ok())
            .collect();

        assert_eq!(proxied.len() + spare.len(), SPARE);
        assert_eq!(admit(&admission, "192.0.2.3").err(), Some(Refusal::Full));
    }
}
