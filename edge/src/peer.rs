//! Other clusters, from `peers.toml`.

use crate::region::Regions;
use protocol::RegionCode;
use serde::Deserialize;
use std::collections::HashSet;

/// Most characters of a cluster's name.
const NAME_MAX: usize = 64;

/// Another cluster, which mail goes to and comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// What it calls itself: its tokens' issuer, and the audience of those for it.
    pub name: String,
    /// Where its servers are reached: a URL without a path.
    pub url: String,
    /// What its tokens are checked with: an Ed25519 key as a PASERK `k4.public` text.
    pub public_key: String,
    /// Its regions: mail to addresses there goes to it, and only from such does mail come from it.
    pub places: Vec<RegionCode>,
}

/// All other clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peers(Vec<Peer>);

/// Why a list of peers cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeerError {
    /// Not TOML of the expected form.
    #[error("the list of peers cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// A name that is none of a cluster.
    #[error(
        "the peer name `{0}` cannot be used: it has 1 to {NAME_MAX} lower-case letters, digits, dots and hyphens"
    )]
    Name(String),
    /// Two peers share a name.
    #[error("the peer `{0}` stands twice in the list of peers")]
    Twice(String),
    /// A place is one of this cluster's or of another peer's, too.
    #[error("the place `{0}` is another cluster's, too: an address there would be of both")]
    PlaceTwice(String),
    /// A URL that is none of a server.
    #[error("the URL of the peer `{0}` reads http://HOST or https://HOST, without a path")]
    Url(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    peer: Vec<Peer>,
}

impl Peers {
    /// Reads a list. `regions` are this cluster's own.
    ///
    /// # Errors
    /// [`PeerError`] where it is not of the form of `peers.toml`, or a name or place stands for two.
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

    /// The one of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Peer> {
        self.0.iter().find(|peer| peer.name == name)
    }

    /// The one that addresses at that place are of.
    #[must_use]
    pub fn of_place(&self, place: &RegionCode) -> Option<&Peer> {
        self.0.iter().find(|peer| peer.places.contains(place))
    }
}

/// Whether a cluster may be called that: 1 to 64 lower-case letters, digits, dots and hyphens, which stand in names of
/// keys and in tokens as they are.
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
