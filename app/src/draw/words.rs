//! The draw in words.

use super::mirror::{Origin, ShownPlayers};
use crate::format::{counted, grouped};
use protocol::{Player, PlayerPoints};

/// The players on the page, as a sentence for screen readers.
///
/// Where two answers are the same, the sentences differ in a space at the end: a screen reader announces only changes.
pub(crate) fn describe_drawn(shown: &ShownPlayers) -> String {
    let who = match shown.players.as_slice() {
        [] if shown.round == 0 => "no one has points yet".into(),
        [] => "no one is above the minimum".into(),
        [one] => format!("only {}", describe_player(one)),
        [one, other, ..] => format!("{} and {}", describe_player(one), describe_player(other)),
    };
    let when = match shown.origin {
        Origin::Requested { .. } => "In",
        Origin::Opening => "Now in",
    };
    let round = grouped(shown.round);
    let end = if shown.turn.is_multiple_of(2) {
        "\u{a0}"
    } else {
        ""
    };
    format!("{when} round {round}: {who}.{end}")
}

/// A player who was looked up, as a sentence for screen readers.
pub(crate) fn describe_found(player: &PlayerPoints) -> String {
    format!(
        "Player {} has {} in round {}.",
        grouped(player.id),
        counted(player.points, "point", "points"),
        grouped(player.round)
    )
}

/// A player and their points.
fn describe_player(player: &Player) -> String {
    format!(
        "player {} with {}",
        grouped(player.id),
        counted(player.points, "point", "points")
    )
}

/// A query's time, `2020-07-30 17:09:33` in UTC, in RFC 3339.
pub(crate) fn as_moment(timestamp: &str) -> String {
    format!("{}Z", timestamp.replacen(' ', "T", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(players: &[(u32, u8)], round: u64, turn: u64) -> ShownPlayers {
        ShownPlayers {
            round,
            players: players
                .iter()
                .map(|&(id, points)| Player { id, points })
                .collect(),
            origin: Origin::Opening,
            turn,
        }
    }

    #[test]
    fn those_who_are_shown_are_told_in_a_sentence() {
        assert_eq!(
            describe_drawn(&shown(&[(1, 30), (7_200, 1)], 1_234, 1)),
            "Now in round 1,234: player 1 with 30 points and player 7,200 with 1 point."
        );
        assert!(describe_drawn(&shown(&[(1, 30)], 2, 1)).contains("only player 1 with 30 points"));
        assert!(describe_drawn(&shown(&[], 2, 1)).contains("no one is above"));
        assert!(describe_drawn(&shown(&[], 0, 1)).contains("no one has points yet"));
    }

    #[test]
    fn a_player_who_was_found_is_told_in_a_sentence() {
        let player = PlayerPoints {
            id: 7_200,
            points: 1,
            round: 1_234,
        };

        assert_eq!(
            describe_found(&player),
            "Player 7,200 has 1 point in round 1,234."
        );
    }

    #[test]
    fn the_same_answer_is_told_again() {
        let [one, other] = [1, 2].map(|turn| describe_drawn(&shown(&[], 2, turn)));

        assert_ne!(one, other);
        assert_eq!(one.trim(), other.trim());
    }

    #[test]
    fn a_querys_time_is_read_as_all_times() {
        assert_eq!(as_moment("2020-07-30 17:09:33"), "2020-07-30T17:09:33Z");
        assert!(crate::time::read_ms(&as_moment("2020-07-30 17:09:33")).is_some());
    }
}
