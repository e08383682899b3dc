//! This cluster's name and keys, and its peers.

use super::counts::Counts;
use super::key::SigningKey;
use super::trust::Federation;
use edge::peer::{Peers, is_cluster_name};
use edge::region::Regions;
use web::{Config, ConfigError, Variables};

impl Federation {
    /// Reads the process's variables, and tells the engine of the peers.
    ///
    /// # Errors
    /// [`ConfigError`] names the first invalid variable, its value and what is accepted.
    pub(crate) fn from_env(config: &mut Config, counts: Counts) -> Result<Self, ConfigError> {
        let from = Variables::of_process();
        config.peers = peers(&from, &config.regions)?;
        federation(&from, &config.peers, counts)
    }
}

/// Other clusters, from the file that names them.
fn peers(from: &Variables, regions: &Regions) -> Result<Peers, ConfigError> {
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
fn federation(from: &Variables, peers: &Peers, counts: Counts) -> Result<Federation, ConfigError> {
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
    Federation::new(name, key.transpose()?, peers.all(), counts).map_err(|(peer, error)| {
        ConfigError::new("PEERS_FILE", file, format!("the peer `{peer}`: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use edge::region::DEFAULT_REGIONS;

    #[test]
    fn what_cannot_be_used_is_named_with_what_fits() {
        for (name, value, fits) in [
            ("CLUSTER_NAME", "No Name", "1 to 64"),
            ("FEDERATION_KEY", "k4.secret.x", "server keys new"),
            ("PEERS_FILE", "/nowhere", "No such file"),
        ] {
            let find = |asked: &str| (asked == name).then(|| value.to_owned());
            let from = Variables::of(&find);
            let regions = Regions::parse(DEFAULT_REGIONS).unwrap();
            let read = peers(&from, &regions)
                .and_then(|peers| federation(&from, &peers, Counts::default()));
            let error = read.err().unwrap().to_string();
            assert!(error.contains(name) && error.contains(fits), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }
}
