//! The distribution of points: what the chart draws, in whole numbers.

use super::scale::{in_short, top};
use live::format::{counted, grouped, percent};
use std::fmt::Write;

/// A bar's place in the drawing, in its units, with the gap.
const BAR_STEP: usize = 10;
/// A bar's width.
const BAR_WIDTH: usize = 8;
/// The drawing's height.
const HEIGHT: u64 = 1_000;
/// The least height of a bar, so that a single player is visible beside a million.
const BAR_MIN: u64 = 6;
/// The table groups more scores than these.
const ROWS_MAX: usize = 21;
/// Scores in a group.
const GROUP: usize = 10;

/// How many players have how many points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    counts: Vec<u32>,
    top: u64,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The points, such as `10 to 19`.
    pub points: String,
    /// How many players have them.
    pub players: u64,
    /// Their part of all, in thousandths.
    pub share_permille: u16,
}

impl Spread {
    /// Of players with 0, 1, 2 … points.
    pub(crate) fn new(histogram: &[u32]) -> Self {
        let most = histogram.iter().copied().max().unwrap_or(0);
        Self {
            counts: histogram.to_vec(),
            top: top(most.into()),
        }
    }

    /// The drawing's own size.
    pub(crate) fn view_box(&self) -> String {
        format!("0 0 {} {HEIGHT}", self.counts.len().max(1) * BAR_STEP)
    }

    /// All bars.
    pub(crate) fn bars(&self) -> String {
        let all: Vec<_> = (0..self.counts.len()).collect();
        self.bars_of(&all)
    }

    /// Only the bars of these points.
    pub(crate) fn bars_of(&self, points: &[usize]) -> String {
        let mut path = String::new();
        for &points in points {
            let left = points * BAR_STEP + (BAR_STEP - BAR_WIDTH) / 2;
            if let Some(height) = self.height(points) {
                let top = HEIGHT - height;
                // Writing to a string cannot fail.
                let _written = write!(path, "M{left} {top}h{BAR_WIDTH}v{height}h-{BAR_WIDTH}z");
            }
        }
        path
    }

    /// Lines from the top down to the bars of these points.
    pub(crate) fn stems_of(&self, points: &[usize]) -> String {
        let mut path = String::new();
        for &points in points {
            let middle = points * BAR_STEP + BAR_STEP / 2;
            if let Some(height) = self.height(points) {
                // Writing to a string cannot fail.
                let _written = write!(path, "M{middle} 0V{}", HEIGHT - height);
            }
        }
        path
    }

    /// How high the bar of these points is; nothing where nobody has them.
    fn height(&self, points: usize) -> Option<u64> {
        let count = self.counts.get(points).filter(|count| **count > 0)?;
        Some((u64::from(*count) * HEIGHT / self.top).max(BAR_MIN))
    }

    /// Where the middle of a bar is, as a part of the width.
    pub(crate) fn place(&self, points: usize) -> String {
        let width = 2 * self.counts.len().max(1);
        percent(u16::try_from((2 * points + 1) * 1_000 / width).unwrap_or(u16::MAX))
    }

    /// The points that the axis names: both ends and the quarters between them, where they differ.
    pub(crate) fn ticks(&self) -> Vec<usize> {
        let most = self.counts.len().saturating_sub(1);
        let mut ticks: Vec<_> = (0..=4).map(|quarter| most * quarter / 4).collect();
        ticks.dedup();
        ticks
    }

    /// What the scale names, from its top down to nothing.
    pub(crate) fn scale(&self) -> [String; 3] {
        [self.top, self.top / 2, 0].map(in_short)
    }

    /// The rows of the table.
    pub(crate) fn groups(&self) -> Vec<Group> {
        let size = if self.counts.len() > ROWS_MAX {
            GROUP
        } else {
            1
        };
        let all = self.players();
        let groups = self.counts.chunks(size).enumerate();
        groups
            .map(|(at, counts)| {
                let (from, to) = (at * size, at * size + counts.len() - 1);
                let players = sum(counts);
                Group {
                    points: if from == to {
                        from.to_string()
                    } else {
                        format!("{from} to {to}")
                    },
                    players,
                    share_permille: permille(players, all),
                }
            })
            .collect()
    }

    /// The chart in words.
    pub(crate) fn words(&self) -> String {
        let all = self.players();
        let of_most = self.counts.iter().copied().max().unwrap_or(0);
        let most = self.counts.iter().position(|count| *count == of_most);
        let (Some(most), true) = (most, all > 0) else {
            return "No players yet.".into();
        };
        let points = |points: usize| counted(points, "point", "points");
        let who = players(all);
        if u64::from(of_most) == all {
            return format!("All {who} have {}.", points(most));
        }
        let scored = self.counts.iter().zip(0_u64..);
        let sum: u64 = scored
            .map(|(count, points)| u64::from(*count) * points)
            .sum();
        let tenths = (sum * 10 + all / 2) / all;
        format!(
            "{who} have {}.{} points on average. Most common score: {} ({})",
            grouped(tenths / 10),
            tenths % 10,
            points(most),
            players(of_most.into())
        )
    }

    fn players(&self) -> u64 {
        sum(&self.counts)
    }
}

fn sum(counts: &[u32]) -> u64 {
    counts.iter().map(|count| u64::from(*count)).sum()
}

fn players(count: u64) -> String {
    counted(count, "player", "players")
}

fn permille(part: u64, whole: u64) -> u16 {
    u16::try_from((part * 2_000 + whole) / (whole.max(1) * 2)).unwrap_or(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_the_ground_as_high_as_their_counts() {
        let spread = Spread::new(&[0, 10, 5, 1]);

        assert_eq!(
            spread.bars(),
            "M11 0h8v1000h-8zM21 500h8v500h-8zM31 900h8v100h-8z"
        );
        assert_eq!(spread.bars_of(&[2, 0, 9]), "M21 500h8v500h-8z");
        assert_eq!(spread.stems_of(&[2, 0, 9]), "M25 0V500");
        assert_eq!(spread.view_box(), "0 0 40 1000");
        assert_eq!(spread.scale(), ["10", "5", "0"]);
    }

    #[test]
    fn a_single_player_is_seen_beside_a_million() {
        assert!(Spread::new(&[1_000_000, 1]).bars().ends_with("h8v6h-8z"));
    }

    #[test]
    fn the_axis_names_its_ends_and_quarters() {
        assert_eq!(Spread::new(&[0; 101]).ticks(), [0, 25, 50, 75, 100]);
        assert_eq!(Spread::new(&[0; 3]).ticks(), [0, 1, 2]);
        assert_eq!(Spread::new(&[0; 101]).place(50), "50.0%");
        assert_eq!(Spread::new(&[0; 2]).place(0), "25.0%");
    }

    #[test]
    fn long_tables_are_grouped_by_tens() {
        let groups = Spread::new(&[3; 101]).groups();

        assert_eq!(groups.len(), 11);
        assert_eq!(groups[1].points, "10 to 19");
        assert_eq!((groups[1].players, groups[1].share_permille), (30, 99));
        assert_eq!((groups[10].points.as_str(), groups[10].players), ("100", 3));
        assert_eq!(Spread::new(&[1; 21]).groups()[20].points, "20");
    }

    #[test]
    fn the_words_sum_up() {
        let mut first = [0; 101];
        first[0] = 1_000_000;

        assert_eq!(
            Spread::new(&first).words(),
            "All 1,000,000 players have 0 points."
        );
        assert_eq!(
            Spread::new(&[1, 2, 0, 1]).words(),
            "4 players have 1.3 points on average. Most common score: 1 point (2 players)"
        );
        assert_eq!(Spread::new(&[0, 0]).words(), "No players yet.");
    }

    #[test]
    fn a_hundred_million_players_are_no_more_than_a_number() {
        let spread = Spread::new(&[990_099; 101]);

        assert!(spread.words().contains("50.0 points on average"));
        assert_eq!(spread.groups()[0].players, 9_900_990);
    }
}
