//! Numbers as people read them.
//!
//! Written by hand over whole numbers: the machinery of the standard library for floats would be a tenth of
//! what a browser downloads.

/// Milliseconds in a second.
const SECOND_MS: u64 = 1_000;

/// A number in groups of three digits, with a true minus sign: `−12,345`.
///
/// Of whatever whole kind it is: none of ours is beyond [`i64::MAX`].
pub fn grouped(number: impl TryInto<i64>) -> String {
    grouped_whole(whole(number))
}

fn whole(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

fn grouped_whole(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if number < 0 {
        text.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A text that follows another where a screen reader listens: it announces only changes, so that an equal one ends in a
/// no-break space.
pub fn announced(mut text: String, before: &str) -> String {
    if text == before {
        text.push('\u{a0}');
    }
    text
}

/// A part of a whole in thousandths, rounded; nothing of nothing.
pub fn permille(part: i64, whole: i64) -> u16 {
    // Not by whole numbers: the product needs 128 bits, and division by those much code.
    let share = part.max(0) as f64 * 1_000.0 / whole.max(1) as f64;
    share.round() as u16
}

/// A share in thousandths as percent with one decimal: `12.3%`.
pub fn percent(permille: u16) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

/// A length in an SVG with one decimal, the same text on a server and in a browser.
pub fn tenths(length: f64) -> String {
    decimal(length, 10, 1)
}

/// Degrees to a hundredth, for a form or an address: `-33.95`.
pub fn exact(degrees: f64) -> String {
    decimal(degrees, 100, 2)
}

/// A number of so many parts, which are so many digits after the point.
fn decimal(number: f64, parts: u32, digits: usize) -> String {
    let all = (number * f64::from(parts)).round() as i64;
    let sign = if all < 0 { "-" } else { "" };
    let (all, parts) = (all.unsigned_abs(), u64::from(parts));
    format!("{sign}{}.{:0digits$}", all / parts, all % parts)
}

/// An age, as exact as its size deserves: `7 s`, `3 min 20 s`, `2 h 5 min`.
pub fn age(age_ms: u64) -> String {
    let seconds = age_ms / SECOND_MS;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A round trip in milliseconds: `12 ms`.
pub fn round_trip(trip_ms: u64) -> String {
    if trip_ms == 0 {
        "under 1 ms".into()
    } else {
        format!("{trip_ms} ms")
    }
}

/// A count with its noun: `1 click waits` reads better than `1 clicks wait`.
pub fn counted(count: impl TryInto<i64>, one: &str, many: &str) -> String {
    let count = whole(count);
    let noun = if count.unsigned_abs() == 1 { one } else { many };
    format!("{} {noun}", grouped_whole(count))
}

/// A distance in whole kilometres: `412 km`.
pub fn distance(distance_km: f64) -> String {
    // Below half a kilometre a place that others know to a kilometre says nothing.
    if distance_km < 0.5 {
        "under 1 km".into()
    } else {
        format!("{} km", grouped((distance_km + 0.5) as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_in_thousandths() {
        assert_eq!(permille(i64::MAX, i64::MAX), 1_000);
        assert_eq!(permille(1, 3), 333);
        assert_eq!((permille(0, 0), permille(-1, 3)), (0, 0));
    }

    #[test]
    fn distances_are_whole_kilometres_and_degrees_to_a_hundredth() {
        assert_eq!(distance(0.2), "under 1 km");
        assert_eq!(distance(412.4), "412 km");
        assert_eq!(distance(15_989.6), "15,990 km");
        assert_eq!(exact(-33.9461), "-33.95");
        assert_eq!(exact(-0.001), "0.00");
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        let expected = [
            (0, "0"),
            (7, "7"),
            (999, "999"),
            (1_000, "1,000"),
            (-12_345, "−12,345"),
            (1_234_567, "1,234,567"),
            (i64::MIN, "−9,223,372,036,854,775,808"),
        ];

        for (number, text) in expected {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(grouped(1_000_u64), "1,000");
        assert_eq!(grouped(u64::MAX), grouped(i64::MAX));
    }

    #[test]
    fn shares_and_lengths_have_one_decimal() {
        assert_eq!(percent(1_000), "100.0%");
        assert_eq!(percent(7), "0.7%");
        assert_eq!(tenths(-0.26), "-0.3");
        assert_eq!(tenths(-0.01), "0.0");
        assert_eq!(tenths(12.0), "12.0");
    }

    #[test]
    fn what_is_told_again_differs_from_what_was_told() {
        let mut told = announced("Copied.".into(), "");
        for _ in 0..3 {
            let again = announced("Copied.".into(), &told);
            assert_ne!(again, told);
            assert_eq!(again.trim(), "Copied.");
            told = again;
        }
    }

    #[test]
    fn ages_are_as_exact_as_their_size_deserves() {
        assert_eq!(age(7_999), "7 s");
        assert_eq!(age(200_000), "3 min 20 s");
        assert_eq!(age(7_500_000), "2 h 5 min");
        assert_eq!(round_trip(0), "under 1 ms");
        assert_eq!(counted(-1, "click", "clicks"), "−1 click");
    }
}
