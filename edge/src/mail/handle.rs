//! The handle to mail, and its limits.

use super::{MailError, MailMetrics, Outbox};
use crate::peer::{Peer, Peers};
use crate::redis::{Keys, Link};
use crate::region::{RegionError, Regions};
use protocol::{MailAddress, RegionCode};
use std::sync::Arc;
use std::time::Duration;

/// The limits of mail.
#[derive(Clone, Copy, Debug)]
pub struct MailLimits {
    /// The most letters that a mailbox keeps, without those of unverified senders.
    ///
    /// Each conversation has a share: a tenth of them if the owner wrote in it, else one letter. The conversation that
    /// exceeds its share the most loses its oldest letter; if none does, the oldest of all goes.
    pub kept_max: u32,
    /// How long a mailbox keeps letters.
    pub kept_for: Duration,
    /// The most messages per minute from one address.
    pub sends_per_minute: u32,
    /// The most messages per minute to one address from verified senders. One sender may use a tenth of it; senders to whom
    /// the address has never written share half.
    pub receives_per_minute: u32,
    /// The most messages per minute to one address from unverified senders.
    pub unverified_per_minute: u32,
    /// The most messages per minute from unverified senders in one client's network, whomever they are to.
    pub unverified_per_network: u32,
    /// The most letters from unverified senders that a mailbox keeps, beside [`kept_max`](Self::kept_max) others.
    pub unverified_kept_max: u32,
    /// The most messages that wait for one other cluster. One sender may use a tenth of it, and so may all unverified ones.
    pub outbox_max: u32,
    /// How long a message may wait there before delivery fails: well under the 48 hours for which the other cluster
    /// remembers what it has stored.
    pub outbox_for: Duration,
}

impl Default for MailLimits {
    fn default() -> Self {
        Self {
            kept_max: 10_000,
            kept_for: Duration::from_secs(30 * 24 * 3600),
            sends_per_minute: 600,
            receives_per_minute: 1_200,
            unverified_per_minute: 30,
            unverified_per_network: 60,
            unverified_kept_max: 500,
            outbox_max: 100_000,
            outbox_for: Duration::from_secs(24 * 3600),
        }
    }
}

/// All mail of the cluster. Cheap to clone.
///
/// A call that failed with [`MailError::Link`] may have taken effect, and can be retried; retry sending only with an
/// idempotency key, or the message may be sent twice.
#[derive(Clone)]
pub struct Mail {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) link: Link,
    pub(super) keys: Keys,
    regions: Regions,
    peers: Peers,
    limits: MailLimits,
    pub(super) metrics: MailMetrics,
    pub(super) instance: String,
}

impl Mail {
    pub(crate) fn new(
        (link, keys): (Link, Keys),
        (regions, peers): (Regions, Peers),
        instance: String,
        limits: MailLimits,
        metrics: MailMetrics,
    ) -> Self {
        let shared = Shared {
            link,
            keys,
            regions,
            peers,
            limits,
            metrics,
            instance,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The limits of mail.
    #[must_use]
    pub fn limits(&self) -> MailLimits {
        self.shared.limits
    }

    /// The other clusters.
    #[must_use]
    pub fn peers(&self) -> &Peers {
        &self.shared.peers
    }

    /// Every region that mail can be sent to: codes and aliases of this cluster's regions, then other clusters'.
    #[must_use]
    pub fn places(&self) -> Vec<RegionCode> {
        let Shared { regions, peers, .. } = &*self.shared;
        let own = regions.places().iter().flat_map(|place| {
            let aliases = place.aliases.iter().map(|alias| RegionCode::parse(alias));
            [place.code.clone()].into_iter().chain(aliases.flatten())
        });
        let others = peers.all().iter().flat_map(|peer| peer.places.clone());
        own.chain(others).collect()
    }

    /// Replaces an alias in the address by its region's code.
    ///
    /// # Errors
    /// [`MailError::UnknownPlace`].
    pub fn resolve(&self, address: MailAddress) -> Result<MailAddress, MailError> {
        self.locate(address).map(|(address, _)| address)
    }

    /// The resolved address, and the other cluster that it belongs to, if any.
    pub(super) fn locate(
        &self,
        address: MailAddress,
    ) -> Result<(MailAddress, Option<&Peer>), MailError> {
        let Shared { regions, peers, .. } = &*self.shared;
        let place = address.place().clone();
        match regions.find(place.as_str()) {
            Ok(region) => Ok((address.at(region.code.clone()), None)),
            Err(error) => match peers.of_place(&place) {
                Some(peer) => Ok((address, Some(peer))),
                None => {
                    let near = match error {
                        RegionError::Unknown { near, .. } => near,
                        _ => Vec::new(),
                    };
                    Err(MailError::UnknownPlace { place, near })
                }
            },
        }
    }

    /// Resolves an address of this cluster.
    pub(super) fn home(&self, address: MailAddress) -> Result<MailAddress, MailError> {
        match self.locate(address)? {
            (address, None) => Ok(address),
            (_, Some(peer)) => Err(MailError::Elsewhere(peer.name.clone())),
        }
    }

    /// The messages that wait for another cluster; `None` if no known one has that name.
    #[must_use]
    pub fn outbox(&self, peer: &str) -> Option<Outbox> {
        let peer = self.shared.peers.named(peer)?;
        Some(Outbox::new(self.clone(), peer.name.clone()))
    }
}
