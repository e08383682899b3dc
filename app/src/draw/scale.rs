//! A scale beside bars: where it ends, and how its numbers are written.

use live::format::grouped;

/// The scale ends at one of these times a power of ten, in tenths: near above the highest bar, easily halved.
const TOPS_TENTHS: [u64; 11] = [10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100];
/// From here on the scale shows thousands.
const THOUSANDS_FROM: u64 = 10_000;
/// From here on the scale shows millions.
const MILLIONS_FROM: u64 = 1_000_000;

/// The end of the scale for a highest bar.
pub(super) fn top(most: u64) -> u64 {
    // Halves of less are none.
    let mut power = 1;
    while most > power * 10 {
        power *= 10;
    }
    let tops = TOPS_TENTHS.map(|tenths| (tenths * power).div_ceil(10));
    let fits = |top: &u64| *top >= most && top.is_multiple_of(2);
    tops.into_iter().find(fits).unwrap_or(power * 10)
}

/// A short number: `950`, `12.5k`, `1.2M`.
pub(super) fn in_short(number: u64) -> String {
    let (unit, letter) = match number {
        MILLIONS_FROM.. => (1_000_000, 'M'),
        THOUSANDS_FROM.. => (1_000, 'k'),
        _ => return grouped(number),
    };
    match number / (unit / 10) {
        tenths if tenths.is_multiple_of(10) => format!("{}{letter}", tenths / 10),
        tenths => format!("{}.{}{letter}", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_near_above_the_highest_bar() {
        for (most, end) in [
            (0, 2),
            (1, 2),
            (3, 4),
            (10, 10),
            (11, 12),
            (10_103, 12_000),
            (99, 100),
            (991_200, 1_000_000),
            (100_000_000, 100_000_000),
            (u64::from(u32::MAX), 5_000_000_000),
        ] {
            assert_eq!(top(most), end, "{most}");
        }
    }

    #[test]
    fn large_numbers_are_short() {
        let short = [
            0,
            950,
            6_000,
            12_000,
            12_500,
            600_000,
            1_200_000,
            100_000_000,
        ]
        .map(in_short);

        assert_eq!(
            short,
            ["0", "950", "6,000", "12k", "12.5k", "600k", "1.2M", "100M"]
        );
    }
}
