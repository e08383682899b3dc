//! Looking up a player: any, or the visitor's own.

use protocol::{PlayerLookup, PlayerPoints, Problem, read_player_id};

/// The problem's kinds where there is no such player, or none of the visitor's own.
const NOBODY: [&str; 3] = ["unknown-player", "no-number", "number-beyond"];

/// What was typed, and the result.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lookup {
    pub typed: String,
    pub result: LookupResult,
    /// The player to announce: found by the last lookup of this page, until a newer round is shown.
    announced: Option<PlayerPoints>,
    /// How often the page has looked up a player: only the last lookup counts.
    turn: u64,
}

/// The result of a lookup.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum LookupResult {
    #[default]
    Nothing,
    Pending,
    Found(PlayerPoints),
    /// What was typed is no player's number, so that the server is not asked.
    OutOfRange,
    /// Refused, and why.
    Refused(Problem),
    Unreached,
}

impl LookupResult {
    /// Whether the answer is that there is no such player.
    pub(crate) fn is_nobody(&self) -> bool {
        match self {
            Self::OutOfRange => true,
            Self::Refused(problem) => NOBODY.contains(&&*problem.kind),
            _ => false,
        }
    }

    /// The result that needs no server: of nothing typed, or of what is none of that many players' number.
    pub(crate) fn without_asking(typed: &str, players: u32) -> Option<Self> {
        match read_player_id(typed) {
            _ if typed.trim().is_empty() => Some(Self::Nothing),
            id if id == 0 || id > players.into() => Some(Self::OutOfRange),
            _ => None,
        }
    }
}

impl Lookup {
    /// What the server found.
    pub(crate) fn new(lookup: Option<PlayerLookup>) -> Self {
        let Some(lookup) = lookup else {
            return Self::default();
        };
        let result = match (lookup.found, lookup.problem) {
            (Some(player), _) => LookupResult::Found(player),
            (None, Some(problem)) => LookupResult::Refused(problem),
            (None, None) => LookupResult::Nothing,
        };
        Self {
            typed: lookup.typed,
            result,
            // What the page was loaded with is not news.
            announced: None,
            turn: 0,
        }
    }

    /// Starts another lookup; returns its number.
    pub(crate) fn begin(&mut self, typed: &str) -> u64 {
        self.typed = typed.trim().to_owned();
        self.result = LookupResult::Pending;
        self.announced = None;
        self.turn += 1;
        self.turn
    }

    /// Notes the result of the lookup with that number.
    pub(crate) fn settle(&mut self, turn: u64, result: LookupResult) {
        if turn == self.turn {
            self.result = result;
            self.announced = self.found();
        }
    }

    /// The lookup to repeat for the running round, and its player; `None` where nobody is shown, or already of that
    /// round.
    pub(crate) fn outdated(&self, round: u64) -> Option<(u64, u32)> {
        self.found()
            .filter(|player| player.round != round)
            .map(|player| (self.turn, player.id))
    }

    /// Shows the same player in another round, unless another lookup came first: in a newer one, or in the running one,
    /// which is older where the draw started over.
    pub(crate) fn renew(&mut self, turn: u64, result: LookupResult, running: u64) {
        let is_news = match (&result, self.found()) {
            (LookupResult::Found(new), Some(known)) => {
                new.round > known.round || (new.round < known.round && new.round == running)
            }
            // A round of fewer players may lack this one. Other problems say nothing about the player.
            (result, Some(_)) => result.is_nobody(),
            _ => false,
        };
        if is_news && turn == self.turn {
            self.result = result;
            // The page stays consistent; what disappears is not announced.
            self.announced = None;
        }
    }

    /// The player to announce to screen readers: once a lookup, not with each round.
    pub(crate) fn announced(&self) -> Option<PlayerPoints> {
        self.announced
    }

    /// The player who is shown.
    pub(crate) fn found(&self) -> Option<PlayerPoints> {
        match self.result {
            LookupResult::Found(player) => Some(player),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(id: u32, round: u64) -> PlayerPoints {
        PlayerPoints {
            id,
            points: 30,
            round,
            could_be_drawn: None,
        }
    }

    #[test]
    fn only_the_last_search_counts() {
        let mut lookup = Lookup::default();

        let first = lookup.begin(" 1 ");
        let second = lookup.begin("2");
        lookup.settle(second, LookupResult::Found(player(2, 5)));
        lookup.settle(first, LookupResult::Unreached);

        assert_eq!(lookup.found(), Some(player(2, 5)));
        assert_eq!(lookup.typed, "2");
    }

    #[test]
    fn the_server_is_asked_only_of_numbers_that_players_have() {
        for (typed, result) in [
            (" ", Some(LookupResult::Nothing)),
            ("wren", Some(LookupResult::OutOfRange)),
            ("0", Some(LookupResult::OutOfRange)),
            ("1,001", Some(LookupResult::OutOfRange)),
            ("1,000", None),
            ("1", None),
        ] {
            assert_eq!(
                LookupResult::without_asking(typed, 1_000),
                result,
                "{typed}"
            );
        }
        assert!(LookupResult::OutOfRange.is_nobody());
    }

    #[test]
    fn a_player_is_reloaded_once_a_newer_round_runs() {
        let mut lookup = Lookup::default();
        assert_eq!(lookup.outdated(5), None);
        let turn = lookup.begin("2");
        assert_eq!(lookup.outdated(5), None);
        lookup.settle(turn, LookupResult::Found(player(2, 5)));

        assert_eq!(lookup.outdated(5), None);
        assert_eq!(lookup.outdated(6), Some((turn, 2)));

        lookup.renew(turn, LookupResult::Unreached, 6);
        let away = Problem::new(503, "not-ready", "This server is not ready yet");
        lookup.renew(turn, LookupResult::Refused(away), 6);
        lookup.renew(turn, LookupResult::Found(player(2, 4)), 6);
        assert_eq!(lookup.found(), Some(player(2, 5)));
        lookup.renew(turn, LookupResult::Found(player(2, 6)), 6);
        assert_eq!(lookup.found(), Some(player(2, 6)));
    }

    #[test]
    fn a_player_follows_where_the_draw_began_anew() {
        let mut lookup = Lookup::default();
        let turn = lookup.begin("2");
        lookup.settle(turn, LookupResult::Found(player(2, 1_000)));

        assert_eq!(lookup.outdated(3), Some((turn, 2)));
        lookup.renew(turn, LookupResult::Found(player(2, 2)), 3);
        assert_eq!(lookup.found(), Some(player(2, 1_000)));
        lookup.renew(turn, LookupResult::Found(player(2, 3)), 3);

        assert_eq!(lookup.found(), Some(player(2, 3)));
        assert_eq!(lookup.outdated(3), None);
    }

    #[test]
    fn a_player_is_told_of_once_a_search_and_not_with_each_round() {
        let loaded = Lookup::new(Some(PlayerLookup {
            typed: "2".into(),
            found: Some(player(2, 5)),
            problem: None,
        }));
        assert_eq!(loaded.announced(), None);
        let mut lookup = loaded;

        let turn = lookup.begin("2");
        assert_eq!(lookup.announced(), None);
        lookup.settle(turn, LookupResult::Found(player(2, 5)));
        assert_eq!(lookup.announced(), Some(player(2, 5)));

        lookup.renew(turn, LookupResult::Found(player(2, 6)), 6);
        assert_eq!(lookup.announced(), None);
        lookup.begin("3");
        assert_eq!(lookup.announced(), None);
    }

    #[test]
    fn another_search_keeps_its_result_from_an_older_ones_repetition() {
        let mut lookup = Lookup::default();
        let turn = lookup.begin("2");
        lookup.settle(turn, LookupResult::Found(player(2, 5)));
        let next = lookup.begin("3");
        lookup.settle(next, LookupResult::Found(player(3, 5)));

        lookup.renew(turn, LookupResult::Found(player(2, 6)), 6);

        assert_eq!(lookup.found(), Some(player(3, 5)));
    }

    #[test]
    fn ones_own_player_goes_where_the_number_was_given_up_in_another_tab() {
        let own = PlayerPoints {
            could_be_drawn: Some(true),
            ..player(17, 5)
        };
        let mut lookup = Lookup::new(Some(PlayerLookup {
            typed: String::new(),
            found: Some(own),
            problem: None,
        }));
        assert_eq!(lookup.outdated(6), Some((0, 17)));
        // Another number that was taken there.
        lookup.renew(
            0,
            LookupResult::Found(PlayerPoints {
                id: 18,
                round: 6,
                ..own
            }),
            6,
        );
        assert_eq!(lookup.found().map(|own| own.id), Some(18));
        let problem = Problem::new(404, "no-number", "You are not a player");

        lookup.renew(0, LookupResult::Refused(problem.clone()), 7);

        assert_eq!(lookup.result, LookupResult::Refused(problem));
        assert_eq!(lookup.announced(), None);
    }

    #[test]
    fn a_round_of_fewer_players_says_so() {
        let mut lookup = Lookup::new(Some(PlayerLookup {
            typed: "9".into(),
            found: Some(player(9, 1)),
            problem: None,
        }));
        let problem = Problem::new(404, "unknown-player", "There is no such player");

        lookup.renew(0, LookupResult::Refused(problem.clone()), 2);

        assert_eq!(lookup.result, LookupResult::Refused(problem));
    }
}
