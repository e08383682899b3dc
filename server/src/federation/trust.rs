//! Who this cluster is to others, and whom it trusts.

use super::{KeyError, PublicKey, SigningKey};
use edge::peer::Peer;
use std::collections::HashMap;

/// What is configured of federation; the engine knows the peers' places.
#[derive(Clone, Debug)]
pub(crate) struct Federation {
    /// This cluster's name.
    pub(crate) name: String,
    /// What its tokens are signed with; `None`: a key made of the secret that all instances share.
    pub(crate) key: Option<SigningKey>,
    /// Peers' keys, by their names.
    keys: HashMap<String, PublicKey>,
}

impl Federation {
    /// A cluster of that name and key, with those peers.
    ///
    /// # Errors
    /// The first peer whose key cannot be used, by name.
    pub(crate) fn new(
        name: String,
        key: Option<SigningKey>,
        peers: &[Peer],
    ) -> Result<Self, (String, KeyError)> {
        let keys = peers.iter().map(|peer| {
            let key = PublicKey::parse(&peer.public_key);
            let key = key.map_err(|error| (peer.name.clone(), error))?;
            Ok((peer.name.clone(), key))
        });
        let keys = keys.collect::<Result<_, _>>()?;
        Ok(Self { name, key, keys })
    }

    /// What tokens of the peer of that name are checked with.
    pub(super) fn key_of(&self, peer: &str) -> Option<&PublicKey> {
        self.keys.get(peer)
    }
}
