//! When the next round starts.

use protocol::DrawNews;

/// Milliseconds in a second.
const SECOND_MS: u64 = 1_000;

/// What is known of the next round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextRound {
    /// It is due in so many seconds, at least one.
    In {
        seconds: u64,
    },
    Soon,
    /// It is being made.
    Making {
        round: u64,
        /// How much of it is written.
        percent: u8,
    },
    /// Unknown: the server cannot reach Redis.
    Away {
        /// For how long.
        age_ms: u64,
    },
    /// Unknown: the page cannot reach its server.
    Lost,
}

impl NextRound {
    /// What news means after `since_ms`, from a server that has been cut off for `away_ms`, if it is.
    pub(super) fn of(news: &DrawNews, away_ms: Option<u64>, since_ms: u64) -> Self {
        let report = &news.report;
        let stale_ms = (report.age_ms > 0).then(|| report.age_ms + since_ms);
        if let Some(age_ms) = away_ms.max(stale_ms) {
            return Self::Away { age_ms };
        }
        if let Some(progress) = report.progress {
            return Self::Making {
                round: progress.round,
                percent: progress.percent.min(100),
            };
        }
        let left_ms = news.next_in_ms.unwrap_or(0).saturating_sub(since_ms);
        match left_ms.div_ceil(SECOND_MS) {
            0 => Self::Soon,
            seconds => Self::In { seconds },
        }
    }

    /// Its name, for styles and tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::In { .. } => "waiting",
            Self::Soon => "soon",
            Self::Making { .. } => "making",
            Self::Away { .. } => "away",
            Self::Lost => "lost",
        }
    }

    /// How much of it is written, while it is being made.
    pub(crate) fn percent(self) -> Option<u8> {
        match self {
            Self::Making { percent, .. } => Some(percent),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::samples::{making, news};

    #[test]
    fn seconds_are_counted_down_to_any_moment() {
        let news = news(7, 12_300);

        assert_eq!(NextRound::of(&news, None, 0), NextRound::In { seconds: 13 });
        assert_eq!(
            NextRound::of(&news, None, 11_300),
            NextRound::In { seconds: 1 }
        );
        assert_eq!(NextRound::of(&news, None, 12_300), NextRound::Soon);
        assert_eq!(NextRound::of(&news, None, 999_999), NextRound::Soon);
    }

    #[test]
    fn a_round_that_is_made_is_told_by_its_progress() {
        let next = NextRound::of(&making(7, 40), None, 5_000);

        assert_eq!(
            next,
            NextRound::Making {
                round: 8,
                percent: 40
            }
        );
        assert_eq!(next.percent(), Some(40));
        assert_eq!(NextRound::of(&news(7, 1_000), None, 0).percent(), None);
    }

    #[test]
    fn out_of_touch_nothing_is_counted_down() {
        let mut stale = making(7, 40);
        stale.report.age_ms = 3_000;

        assert_eq!(
            NextRound::of(&stale, None, 2_000),
            NextRound::Away { age_ms: 5_000 }
        );
        assert_eq!(
            NextRound::of(&stale, Some(9_000), 2_000),
            NextRound::Away { age_ms: 9_000 }
        );
        assert_eq!(
            NextRound::of(&news(7, 60_000), Some(6_000), 0),
            NextRound::Away { age_ms: 6_000 }
        );
    }
}
