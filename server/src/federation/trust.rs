//! This cluster's identity and its peers' keys.

use super::counts::Counts;
use super::key::{KeyError, PublicKey, SigningKey};
use edge::peer::Peer;
use std::collections::HashMap;

/// Federation's settings. The engine holds the peers' places.
#[derive(Clone, Debug)]
pub(crate) struct Federation {
    /// Counts calls, for `/metrics`.
    pub(super) counts: Counts,
    /// This cluster's name.
    pub(crate) name: String,
    /// The key that signs its tokens; `None`: one derived from the secret that all instances share.
    pub(crate) key: Option<SigningKey>,
    /// Peers' public keys by name.
    keys: HashMap<String, PublicKey>,
}

impl Federation {
    /// The settings of a cluster with these peers.
    ///
    /// # Errors
    /// The name of the first peer whose key is invalid.
    pub(super) fn new(
        name: String,
        key: Option<SigningKey>,
        peers: &[Peer],
        counts: Counts,
    ) -> Result<Self, (String, KeyError)> {
        let keys = peers.iter().map(|peer| {
            let key = PublicKey::parse(&peer.public_key);
            let key = key.map_err(|error| (peer.name.clone(), error))?;
            Ok((peer.name.clone(), key))
        });
        let keys = keys.collect::<Result<_, _>>()?;
        Ok(Self {
            counts,
            name,
            key,
            keys,
        })
    }

    /// The key that verifies a peer's tokens.
    pub(super) fn key_of(&self, peer: &str) -> Option<&PublicKey> {
        self.keys.get(peer)
    }
}
