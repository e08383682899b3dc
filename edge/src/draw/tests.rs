//! Which two are shown, and when that was last asked.

use super::DrawError;
use super::error::RoundError;
use super::head::{CHUNK_PLAYERS, RoundHead, RoundId};
use super::round::{Above, FEW, Round};
use super::store::DrawSnapshot;
use protocol::PlayerPoints;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// The tolerated deviation of a chi-square from its mean, in standard deviations of the normal distribution that its cube
/// root approximates: exceeded by chance about once in 2 · 10⁹ tests.
const DEVIATIONS_MAX: f64 = 6.2;

/// Pearson's chi-square test that all outcomes are equally likely (K. Pearson, Philosophical Magazine
/// 50, 1900), by the normal approximation of E. B. Wilson and M. M. Hilferty (PNAS 17, 1931).
///
/// # Panics
/// If they are not.
pub(super) fn assert_even(counts: &[u64]) {
    let freedom = counts.len() as f64 - 1.0;
    if freedom < 1.0 {
        return;
    }
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    let off = |count: &u64| (*count as f64 - expected).powi(2) / expected;
    let chi_square: f64 = counts.iter().map(off).sum();
    let spread = 2.0 / (9.0 * freedom);
    let deviations = ((chi_square / freedom).cbrt() - (1.0 - spread)) / spread.sqrt();
    // Too even is not random, either.
    assert!(
        deviations.abs() < DEVIATIONS_MAX,
        "{deviations:.1} deviations from chance: {counts:?}"
    );
}

fn head(players: usize, minimum: u8) -> RoundHead {
    let id = RoundId {
        number: 7,
        fence: "3:ord-1".into(),
    };
    RoundHead {
        id,
        started_ms: 1,
        next_ms: 2,
        players: players as u32,
        points_max: 100,
        minimum,
    }
}

fn random() -> StdRng {
    StdRng::seed_from_u64(20_200_730)
}

/// A round of these points.
fn round(points: &[u8], minimum: u8) -> Round {
    Round::new(head(points.len(), minimum), points.into(), &mut random()).unwrap()
}

/// How often each player is shown, alone or with another, in so many picks.
fn shown(round: &Round, players: usize, picks: usize) -> Vec<u64> {
    let mut random = random();
    let mut counts = vec![0; players];
    for _ in 0..picks {
        for player in round.pick(&mut random) {
            counts[player.id as usize - 1] += 1;
        }
    }
    counts
}

#[test]
fn only_players_above_the_minimum_are_shown_and_two_at_most() {
    for (points, minimum, above) in [
        (&[5, 5, 5][..], 5, &[][..]),
        (&[100; 9], 100, &[]),
        (&[5, 6, 5], 5, &[2]),
        (&[0, 1], 0, &[2]),
        (&[6, 5, 6], 5, &[1, 3]),
        (&[6, 7, 8], 5, &[1, 2, 3]),
    ] {
        let round = round(points, minimum);

        for _ in 0..50 {
            let picked = round.pick(&mut random());
            assert_eq!(picked.len(), above.len().min(2), "{points:?}");
            assert!(picked.iter().all(|player| above.contains(&player.id)));
            assert!(
                picked
                    .iter()
                    .all(|player| points[player.id as usize - 1] == player.points)
            );
            assert!(picked.len() < 2 || picked[0].id != picked[1].id);
        }
        assert_eq!(round.opening().len(), above.len().min(2));
    }
}

#[test]
fn every_pair_is_as_likely() {
    // So many above that they are found by looking, and so few that they are listed.
    for others in [0, 400] {
        let mut points = vec![50; 6];
        points.extend(vec![10; others]);
        let round = round(&points, 20);
        assert_eq!(matches!(round.above, Above::Few(_)), others > 0);
        let mut random = random();
        let mut pairs = vec![0; 36];

        for _ in 0..30_000 {
            let picked = round.pick(&mut random);
            pairs[(picked[0].id as usize - 1) * 6 + picked[1].id as usize - 1] += 1;
        }

        let (same, different): (Vec<_>, Vec<_>) = (0..36)
            .map(|at| (at, pairs[at]))
            .partition(|(at, _)| at % 7 == 0);
        assert!(same.iter().all(|(_, count)| *count == 0));
        let different: Vec<u64> = different.into_iter().map(|(_, count)| count).collect();
        assert_even(&different);
    }
}

#[test]
fn how_many_points_a_player_has_beyond_the_minimum_does_not_matter() {
    let points: Vec<u8> = (0..=100).collect();

    let counts = shown(&round(&points, 40), 101, 60_000);

    assert!(counts[..=40].iter().all(|count| *count == 0));
    assert_even(&counts[41..]);
}

#[test]
fn players_beyond_the_first_chunk_are_told_and_shown() {
    let mut points = vec![0; CHUNK_PLAYERS * 2 + 3];
    points[CHUNK_PLAYERS] = 9;
    *points.last_mut().unwrap() = 8;
    let players = points.len() as u64;

    let round = round(&points, 7);

    let mut ids: Vec<u32> = round.opening().iter().map(|player| player.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [CHUNK_PLAYERS as u32 + 1, players as u32]);
    assert_eq!(round.player(players).unwrap().points, 8);
    assert_eq!(round.player(players).unwrap().round, 7);
    let unknown = Err(DrawError::UnknownPlayer(players as u32));
    for id in [0, players + 1, u64::from(u32::MAX) + 2, u64::MAX] {
        assert_eq!(round.player(id), unknown, "{id}");
    }
}

#[test]
fn only_who_is_above_the_minimum_could_be_drawn() {
    let round = round(&[5, 6, 100, 0], 5);

    let told = [1, 2, 3, 4].map(|id| round.own_player(id).unwrap());

    assert_eq!(
        told.map(|own| own.could_be_drawn),
        [false, true, true, false].map(Some)
    );
    for (own, id) in told.into_iter().zip(1..) {
        let could_be_drawn = None;
        let player = PlayerPoints {
            could_be_drawn,
            ..own
        };
        assert_eq!(round.player(id), Ok(player));
    }
    assert_eq!(round.own_player(5), Err(DrawError::UnknownPlayer(4)));
}

#[test]
fn the_histogram_counts_every_player() {
    let round = round(&[0, 3, 100, 3, 3], 1);

    assert_eq!(round.histogram().len(), 101);
    assert_eq!(round.histogram()[3], 3);
    assert_eq!(round.histogram().iter().sum::<u32>(), 5);
}

#[test]
fn points_that_are_no_rounds_are_refused() {
    let refused = |points: &[u8], players| {
        Round::new(head(players, 5), points.into(), &mut random()).unwrap_err()
    };

    assert_eq!(refused(&[1; 3], 4), RoundError::Players(3, 4));
    assert_eq!(refused(&[1, 101], 2), RoundError::Points);
}

#[test]
fn a_picks_looks_are_few_however_few_qualify() {
    /// Counts how much randomness is asked for.
    struct Counting(StdRng, u32);
    impl rand::TryRng for Counting {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            self.1 += 1;
            self.0.try_next_u32()
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            self.1 += 1;
            self.0.try_next_u64()
        }
        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            self.1 += 1;
            self.0.try_fill_bytes(bytes)
        }
    }
    const PICKS: u32 = 200;
    for above in [0, 1, 2, 3, 100, 6_249, 6_251, 50_000, 100_000] {
        let mut points = vec![9; above];
        points.resize(100_000, 0);
        let round = round(&points, 5);
        let mut random = Counting(random(), 0);

        for _ in 0..PICKS {
            assert_eq!(round.pick(&mut random).len(), above.min(2));
        }

        // Two players, of whom each takes so many looks on average, and hardly ever one twice as many in all.
        assert!(random.1 <= PICKS * 4 * FEW, "{above}: {}", random.1);
    }
}

#[test]
fn a_rounds_secret_is_not_shown() {
    let shown = format!("{:?}", round(&[1; 43], 42));

    assert_eq!(
        shown,
        r#"Round { id: RoundId { number: 7, fence: "3:ord-1" }, .. }"#
    );
}

#[test]
fn the_last_query_is_the_latest_but_none_of_a_time_to_come() {
    let told = DrawSnapshot {
        now_ms: 1_000_999,
        asked_s: 990,
        progress: None,
        head: None,
    };

    for (known, last) in [
        (0, 990),
        (989, 990),
        (991, 991),
        (1_001, 1_001),
        (9_999, 990),
    ] {
        assert_eq!(told.last_query(known), last, "{known}");
    }
}

#[test]
fn what_is_uneven_is_noticed() {
    let even = vec![1_000; 100];
    let mut uneven: Vec<u64> = (0..100).map(|at| 945 + (at * 37) % 110).collect();
    assert_even(&uneven);
    uneven[7] += 600;

    let too_even = std::panic::catch_unwind(|| assert_even(&even));
    let too_uneven = std::panic::catch_unwind(move || assert_even(&uneven));

    assert!(too_even.is_err() && too_uneven.is_err());
}
