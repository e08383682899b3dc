//! A statistical test of random numbers, for unit tests.

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
