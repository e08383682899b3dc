//! How the page stands with its server.

use super::line::Barrier;
use crate::format::age;

/// How long a lost connection counts as merely interrupted, in milliseconds.
const INTERRUPTED_MS: u64 = 5_000;

/// What the socket is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Nothing yet: the page is as the server rendered it.
    Opening,
    /// The server has welcomed this page.
    Up,
    /// The connection is lost and will be tried again.
    Down {
        /// Since when.
        since_ms: u64,
        /// Whether the browser had a network at the last attempt.
        has_network: bool,
    },
    /// The connection is lost for good.
    Stopped(Stop),
}

/// Why a page gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The server is newer than the page, which has already been loaded anew.
    PageIsOlder,
    /// The server is older than the page.
    PageIsNewer,
    /// The server does not know that the address it was asked by is its own.
    UnknownAddress,
    /// The server could not use what the page sent, or wants no more of it.
    Refused,
}

/// What the page tells about its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The numbers are those of the server's HTML; without JavaScript it stays so.
    Rendered,
    /// Changes show as they happen.
    Live,
    /// Changes show every few seconds, since no socket opens.
    Polling(Barrier),
    /// The socket is up, but a click has had no answer for a while.
    Unanswered,
    /// The socket is up, but the servers do not hear each other.
    Stale {
        /// How old the numbers are.
        age_ms: u64,
    },
    /// The socket was lost a moment ago.
    Reconnecting,
    /// The socket has been lost for a while.
    Offline {
        /// How old the numbers are.
        age_ms: u64,
        /// Whether the browser has a network: then it is the server that does not answer.
        has_network: bool,
    },
    /// Only loading the page again helps.
    Stopped(Stop),
}

impl Connection {
    /// Sums up what the socket does and how old the numbers are while it is up.
    pub(crate) fn of(link: Link, age_ms: u64, now_ms: u64) -> Self {
        match link {
            Link::Opening => Self::Rendered,
            Link::Up if age_ms == 0 => Self::Live,
            Link::Up => Self::Stale { age_ms },
            Link::Down {
                since_ms,
                has_network,
            } => match now_ms.saturating_sub(since_ms) {
                lost_ms if lost_ms < INTERRUPTED_MS => Self::Reconnecting,
                // A server out of touch with Redis makes the numbers older still, and that grows already.
                lost_ms => Self::Offline {
                    age_ms: lost_ms.max(age_ms),
                    has_network,
                },
            },
            Link::Stopped(stop) => Self::Stopped(stop),
        }
    }

    /// Whether changes show, be it as they happen or soon after.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live | Self::Polling(_))
    }

    /// The state's name, for styles and tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rendered => "rendered",
            Self::Live => "live",
            Self::Polling(_) => "polling",
            Self::Unanswered => "unanswered",
            Self::Stale { .. } => "stale",
            Self::Reconnecting => "reconnecting",
            Self::Offline { .. } => "offline",
            Self::Stopped(_) => "stopped",
        }
    }

    /// The state in a few words that change only when the state does.
    pub fn label(self) -> &'static str {
        match self {
            Self::Rendered => "Not live yet",
            Self::Live => "Live",
            Self::Polling(_) => "Limited",
            Self::Unanswered => "No answer yet",
            Self::Stale { .. } => "Delayed",
            Self::Reconnecting => "Reconnecting…",
            Self::Offline {
                has_network: true, ..
            } => "Connection lost",
            Self::Offline { .. } => "Offline",
            Self::Stopped(_) => "Disconnected",
        }
    }

    /// What that means for the visitor; empty where the label says it all.
    pub fn detail(self) -> String {
        match self {
            Self::Rendered
            | Self::Live
            | Self::Reconnecting
            | Self::Polling(Barrier::Unknown) => String::new(),
            Self::Polling(Barrier::Blocked) => {
                "Something on your network blocks live connections. This page updates every few seconds.".into()
            }
            Self::Polling(Barrier::TooMany) => {
                "Too many tabs on your network are connected. Close some; until then, this page updates every few seconds."
                    .into()
            }
            Self::Unanswered => {
                "The server is slow to respond. Your clicks are saved and will count.".into()
            }
            Self::Stale { age_ms } => {
                let age = age(age_ms);
                format!("Numbers are {age} old. Your clicks are saved and will count.")
            }
            Self::Offline { age_ms, .. } => {
                let age = age(age_ms);
                format!("Numbers are {age} old. Your clicks will count once you are back online.")
            }
            Self::Stopped(Stop::PageIsOlder) => {
                "This page is older than the server; reload later.".into()
            }
            Self::Stopped(Stop::PageIsNewer) => {
                "This page is newer than the server; reload later.".into()
            }
            Self::Stopped(Stop::UnknownAddress) => {
                "The server does not know this address. Its operator needs to set PUBLIC_URL to it.".into()
            }
            Self::Stopped(Stop::Refused) => {
                "The server closed the connection; reload the page.".into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_interruption_is_no_outage() {
        let has_network = false;
        let link = Link::Down {
            since_ms: 1_000,
            has_network,
        };

        assert_eq!(Connection::of(link, 0, 3_000), Connection::Reconnecting);
        assert_eq!(
            Connection::of(link, 0, 9_000),
            Connection::Offline {
                age_ms: 8_000,
                has_network
            }
        );
        assert_eq!(
            Connection::of(link, 60_000, 9_000),
            Connection::Offline {
                age_ms: 60_000,
                has_network
            }
        );
    }

    #[test]
    fn only_a_browser_without_a_network_is_offline() {
        let label = |has_network| {
            let link = Link::Down {
                since_ms: 0,
                has_network,
            };
            Connection::of(link, 0, 9_000).label()
        };

        assert_eq!(label(false), "Offline");
        assert_eq!(label(true), "Connection lost");
    }

    #[test]
    fn a_server_without_redis_is_not_live() {
        let stale = Connection::of(Link::Up, 12_000, 0);

        assert_eq!(stale, Connection::Stale { age_ms: 12_000 });
        assert!(stale.detail().contains("Numbers are 12 s old"));
        assert_eq!(Connection::of(Link::Up, 0, 0), Connection::Live);
    }

    #[test]
    fn without_javascript_the_page_says_what_its_numbers_are() {
        assert_eq!(Connection::of(Link::Opening, 0, 0).label(), "Not live yet");
    }
}
