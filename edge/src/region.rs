//! The cluster's regions, from `regions.toml`.

use protocol::RegionCode;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The built-in list, used if no other is configured.
pub const DEFAULT_REGIONS: &str = include_str!("../regions.toml");
/// The similarity, from 0 to 1, from which on a code or city is suggested: one typo in three letters qualifies.
const ALIKE_MIN: f64 = 0.66;
/// The most suggestions.
const SUGGESTIONS_MAX: usize = 5;

/// A region's location and URL.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its code.
    pub code: RegionCode,
    /// The city of its servers.
    pub city: String,
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
    /// The URL of its servers for visitors.
    pub url: String,
    /// Other names for it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// All regions of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Regions(Vec<Place>);

/// Why a list of regions, or a code, is invalid.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegionError {
    /// It is not TOML of the expected form.
    #[error("failed to parse the list of regions: {0}")]
    Form(#[from] toml::de::Error),
    /// Two regions share a code or alias.
    #[error("duplicate region code or alias `{0}`")]
    Twice(String),
    /// Coordinates are out of range.
    #[error("invalid coordinates of region `{0}`: lat is from -90 to 90, lng from -180 to 180")]
    NowhereOnEarth(RegionCode),
    /// A code is not in the list.
    #[error("unknown region `{code}`; {}", hint(.near))]
    Unknown {
        /// The code.
        code: String,
        /// Regions with a similar code or city.
        near: Vec<String>,
    },
}

fn hint(near: &[String]) -> String {
    match near {
        [] => "regions.toml lists all regions".into(),
        near => format!("did you mean {}?", near.join(", ")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    region: Vec<Place>,
}

impl Regions {
    /// Parses a list.
    ///
    /// # Errors
    /// [`RegionError`] if it does not have the form of `regions.toml`, or has duplicates or invalid coordinates.
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        let file: File = toml::from_str(text)?;
        let mut names = HashSet::new();
        for place in &file.region {
            for name in place
                .aliases
                .iter()
                .map(String::as_str)
                .chain([place.code.as_str()])
            {
                if !names.insert(name) {
                    return Err(RegionError::Twice(name.into()));
                }
            }
            if !((-90.0..=90.0).contains(&place.lat) && (-180.0..=180.0).contains(&place.lng)) {
                return Err(RegionError::NowhereOnEarth(place.code.clone()));
            }
        }
        Ok(Self(file.region))
    }

    /// The region with that code or alias.
    ///
    /// # Errors
    /// [`RegionError::Unknown`], with similar regions.
    pub fn find(&self, name: &str) -> Result<&Place, RegionError> {
        let is_it = |place: &&Place| {
            place.code.as_str() == name || place.aliases.iter().any(|alias| alias == name)
        };
        self.0
            .iter()
            .find(is_it)
            .ok_or_else(|| RegionError::Unknown {
                code: name.into(),
                near: self.near(name),
            })
    }

    /// All of them, in the order of the list.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.0
    }

    fn near(&self, name: &str) -> Vec<String> {
        let name = name.to_lowercase();
        let likeness = |place: &Place| {
            let code = strsim::normalized_damerau_levenshtein(&name, place.code.as_str());
            code.max(strsim::normalized_damerau_levenshtein(
                &name,
                &place.city.to_lowercase(),
            ))
        };
        let mut alike: Vec<_> = self
            .0
            .iter()
            .map(|place| (likeness(place), place))
            .collect();
        alike.retain(|(likeness, _)| *likeness >= ALIKE_MIN);
        alike.sort_by(|one, other| other.0.total_cmp(&one.0));
        alike
            .into_iter()
            .take(SUGGESTIONS_MAX)
            .map(|(_, place)| format!("{} ({})", place.code, place.city))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions() -> Regions {
        Regions::parse(DEFAULT_REGIONS).unwrap()
    }

    #[test]
    fn the_list_has_the_regions_of_fly_and_aws() {
        let regions = regions();

        let fly = "ams arn atl bog bom bos cdg den dfw ewr eze fra gdl gig gru hkg iad jnb lax lhr mad mia nrt ord \
                   otp phx qro scl sea sin sjc syd waw yul yyz";
        let aws = "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 eu-west-1 eu-west-2 eu-central-1 \
                   ap-northeast-1 ap-northeast-2 ap-southeast-1 ap-southeast-2 ap-south-1 sa-east-1";
        for code in fly.split_whitespace().chain(aws.split_whitespace()) {
            assert!(regions.find(code).is_ok(), "{code}");
        }
        assert_eq!(regions.find("1").unwrap().code.as_str(), "ord");
    }

    #[test]
    fn hemispheres_are_right() {
        let signs = |code: &str| {
            let place = regions().find(code).unwrap().clone();
            (place.lat > 0.0, place.lng > 0.0)
        };

        assert_eq!(signs("ord"), (true, false));
        assert_eq!(signs("fra"), (true, true));
        assert_eq!(signs("syd"), (false, true));
        assert_eq!(signs("gru"), (false, false));
    }

    #[test]
    fn an_unknown_code_lists_near_matches_in_one_line() {
        let error = regions().find("frankfurt").unwrap_err().to_string();

        assert!(error.contains("unknown region `frankfurt`"), "{error}");
        assert!(error.contains("fra (Frankfurt)"), "{error}");
        assert!(!error.contains('\n'));
        assert!(
            regions()
                .find("odr")
                .unwrap_err()
                .to_string()
                .contains("ord (Chicago)")
        );
        assert!(
            regions()
                .find("zzzz")
                .unwrap_err()
                .to_string()
                .contains("regions.toml")
        );
    }

    #[test]
    fn bad_lists_are_refused() {
        let region = |code: &str, lat: f64| {
            format!(
                "[[region]]\ncode=\"{code}\"\ncity=\"X\"\nlat={lat:.1}\nlng=0.0\nurl=\"https://x.example\"\n"
            )
        };

        assert!(matches!(
            Regions::parse(&region("x", 91.0)),
            Err(RegionError::NowhereOnEarth(_))
        ));
        assert!(matches!(
            Regions::parse(&region("x", 1.0).repeat(2)),
            Err(RegionError::Twice(_))
        ));
        assert!(matches!(
            Regions::parse("region = 3"),
            Err(RegionError::Form(_))
        ));
    }
}
