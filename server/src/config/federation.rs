//! This cluster's name and keys, and its peers.

use super::{ConfigError, Variables};
use crate::federation::key::SigningKey;
use crate::federation::trust::Federation;
use edge::peer::{Peers, is_cluster_name};
use edge::region::Regions;

/// Other clusters, from the file that names them.
pub(super) fn peers(from: &Variables, regions: &Regions) -> Result<Peers, ConfigError> {
    let Some(file) = from.text("PEERS_FILE") else {
        return Ok(Peers::default());
    };
    let unusable = |error: String| {
        // Errors of TOML span several lines.
        let lines: Vec<_> = error.lines().map(str::trim).collect();
        ConfigError::new("PEERS_FILE", &file, lines.join(" "))
    };
    let text = std::fs::read_to_string(&file).map_err(|error| unusable(error.to_string()))?;
    Peers::parse(&text, regions).map_err(|error| unusable(error.to_string()))
}

/// This cluster's name and key, and its peers' keys.
pub(super) fn federation(from: &Variables, peers: &Peers) -> Result<Federation, ConfigError> {
    let name = from
        .text("CLUSTER_NAME")
        .unwrap_or_else(|| "murmuration".into());
    if !is_cluster_name(&name) {
        let fits = "use 1 to 64 lower-case letters, digits, dots and hyphens";
        return Err(ConfigError::new("CLUSTER_NAME", name, fits));
    }
    let file = from.text("PEERS_FILE").unwrap_or_default();
    if peers.named(&name).is_some() {
        let reason = format!("the peer `{name}` has this cluster's own name; set CLUSTER_NAME");
        return Err(ConfigError::new("PEERS_FILE", file, reason));
    }
    let key = from.text("FEDERATION_KEY").map(|key| {
        // The value is a secret, if an invalid one.
        SigningKey::parse(&key).map_err(|error| ConfigError::new("FEDERATION_KEY", "…", error))
    });
    Federation::new(name, key.transpose()?, peers.all()).map_err(|(peer, error)| {
        ConfigError::new("PEERS_FILE", file, format!("the peer `{peer}`: {error}"))
    })
}
