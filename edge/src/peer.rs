//! Other clusters, from `peers.toml`.

use crate::region::Regions;
use protocol::RegionCode;
use serde::Deserialize;
use std::collections::HashSet;

/// The most characters of a cluster's name.
const NAME_MAX: usize = 64;

/// Another cluster that exchanges mail with this one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its name: the issuer of its tokens, and the audience of tokens for it.
    pub name: String,
    /// The URL of its servers, without a path.
    pub url: String,
    /// The key that verifies its tokens: Ed25519, as a PASERK `k4.public` string.
    pub public_key: String,
    /// Its regions: it receives mail to addresses there, and sends mail from such addresses only.
    pub places: Vec<RegionCode>,
}

/// All other clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peers(Vec<Peer>);

/// Why a list of peers is invalid.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeerError {
    /// It is not TOML of the expected form.
    #[error("failed to parse the list of peers: {0}")]
    Form(#[from] toml::de::Error),
    /// A name is invalid.
    #[error(
        "invalid peer name `{0}`: use 1 to {NAME_MAX} lower-case letters, digits, dots and hyphens"
    )]
    Name(String),
    /// Two peers share a name.
    #[error("duplicate peer `{0}`")]
    Twice(String),
    /// A region also belongs to this cluster or another peer.
    #[error("the region `{0}` belongs to two clusters")]
    PlaceTwice(String),
    /// A URL is invalid.
    #[error("invalid URL of the peer `{0}`: use http://HOST or https://HOST, without a path")]
    Url(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    peer: Vec<Peer>,
}

impl Peers {
    /// Parses a list. `regions` are this cluster's own.
    ///
    /// # Errors
    /// [`PeerError`] if it does not have the form of `peers.toml`, or a name or region is ambiguous.
    pub fn parse(text: &str, regions: &Regions) -> Result<Self, PeerError> {
        let file: File = toml::from_str(text)?;
        let (mut names, mut places) = (HashSet::new(), HashSet::new());
        for peer in &file.peer {
            if !is_cluster_name(&peer.name) {
                return Err(PeerError::Name(peer.name.clone()));
            }
            if !names.insert(&peer.name) {
                return Err(PeerError::Twice(peer.name.clone()));
            }
            if !is_base(&peer.url) {
                return Err(PeerError::Url(peer.name.clone()));
            }
            for place in &peer.places {
                if regions.find(place.as_str()).is_ok() || !places.insert(place) {
                    return Err(PeerError::PlaceTwice(place.to_string()));
                }
            }
        }
        Ok(Self(file.peer))
    }

    /// All of them, in the order of the list.
    #[must_use]
    pub fn all(&self) -> &[Peer] {
        &self.0
    }

    /// The peer with that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Peer> {
        self.0.iter().find(|peer| peer.name == name)
    }

    /// The peer that has that region.
    #[must_use]
    pub fn of_place(&self, place: &RegionCode) -> Option<&Peer> {
        self.0.iter().find(|peer| peer.places.contains(place))
    }
}

/// Whether this is a valid name of a cluster: 1 to 64 lower-case letters, digits, dots and hyphens, which key names and
/// tokens can contain unescaped.
#[must_use]
pub fn is_cluster_name(name: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    (1..=NAME_MAX).contains(&name.len()) && name.bytes().all(plain)
}

fn is_base(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::DEFAULT_REGIONS;

    fn parse(text: &str) -> Result<Peers, PeerError> {
        Peers::parse(text, &Regions::parse(DEFAULT_REGIONS).unwrap())
    }

    fn peer(name: &str, url: &str, place: &str) -> String {
        format!(
            "[[peer]]\nname=\"{name}\"\nurl=\"{url}\"\npublic_key=\"k\"\nplaces=[\"{place}\"]\n"
        )
    }

    #[test]
    fn a_place_leads_to_its_peer() {
        let peers = parse(&peer("starlings", "https://starlings.example", "moon")).unwrap();
        let place = |code| RegionCode::parse(code).unwrap();

        assert_eq!(peers.of_place(&place("moon")).unwrap().name, "starlings");
        assert_eq!(peers.of_place(&place("ord")), None);
        assert_eq!(peers.named("starlings"), Some(&peers.all()[0]));
        assert_eq!(parse("").unwrap(), Peers::default());
    }

    #[test]
    fn what_would_be_of_two_is_refused() {
        let moon = peer("a", "https://a.example", "moon");

        assert!(matches!(
            parse(&format!("{moon}{moon}")),
            Err(PeerError::Twice(_))
        ));
        for name in ["", "B", "a}b", "a b", &"x".repeat(65)] {
            let named = peer(name, "https://b.example", "moon");
            assert!(matches!(parse(&named), Err(PeerError::Name(_))), "{name}");
        }
        let other = peer("b", "https://b.example", "moon");
        assert!(matches!(
            parse(&format!("{moon}{other}")),
            Err(PeerError::PlaceTwice(_))
        ));
        for own in ["ord", "1"] {
            let own = peer("c", "https://c.example", own);
            assert!(matches!(parse(&own), Err(PeerError::PlaceTwice(_))));
        }
        for url in ["ftp://a", "https://a/b", "https://a?x", "https://x@a", "a"] {
            assert!(matches!(
                parse(&peer("a", url, "moon")),
                Err(PeerError::Url(_))
            ));
        }
    }
}
