//! Which regions there are, and which is this one.

use super::{ConfigError, Variables};
use edge::region::{DEFAULT_REGIONS, Place, Regions};

pub(super) fn regions(from: &Variables) -> Result<Regions, ConfigError> {
    match from.text("REGIONS_FILE") {
        Some(file) => {
            let text = std::fs::read_to_string(&file)
                .map_err(|error| ConfigError::new("REGIONS_FILE", &file, error))?;
            Regions::parse(&text).map_err(|error| ConfigError::new("REGIONS_FILE", &file, error))
        }
        None => Regions::parse(DEFAULT_REGIONS)
            .map_err(|error| ConfigError::new("REGIONS_FILE", "", error)),
    }
}

pub(super) fn place(from: &Variables, regions: &Regions) -> Result<Place, ConfigError> {
    let (name, code) = ["FLY_REGION", "REGION"]
        .into_iter()
        .find_map(|name| from.text(name).map(|code| (name, code)))
        .unwrap_or(("FLY_REGION", "ord".into()));
    regions
        .find(&code)
        .cloned()
        .map_err(|error| ConfigError::new(name, code, error))
}
