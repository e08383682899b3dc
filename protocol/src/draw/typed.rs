//! Parses a player's id as people type it.

use crate::text_conversions::ascii_digit;

/// Parses an id in the digits of any script that keyboards type, with or without digit groups, separated by spaces or by
/// commas as our pages show them. Returns 0, which is nobody's id, if it is invalid.
///
/// Pages and servers share this function.
#[must_use]
pub fn read_player_id(typed: &str) -> u64 {
    let typed: String = typed
        .trim()
        .chars()
        .map(|char| ascii_digit(char).unwrap_or(char))
        .collect();
    if !has_commas_in_place(&typed) {
        return 0;
    }
    let mut digits = typed
        .chars()
        .filter(|char| !char.is_whitespace() && *char != ',');
    let add = |number: u64, char: char| {
        let digit = char.to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    };
    digits.try_fold(0, add).unwrap_or(0)
}

/// Whether all commas separate groups of three digits; one elsewhere is a decimal comma or a typo.
fn has_commas_in_place(typed: &str) -> bool {
    let Some((first, others)) = typed.split_once(',') else {
        return true;
    };
    let digits = |group: &str| {
        group
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(group.len())
    };
    matches!(digits(first), Some(1..=3)) && others.split(',').all(|group| digits(group) == Some(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_people_write_them() {
        for (typed, id) in [
            ("72", 72),
            (" 72 ", 72),
            ("007", 7),
            ("1 000 000", 1_000_000),
            ("1\u{202f}000\u{a0}000", 1_000_000),
            ("1,000,000", 1_000_000),
            (" 12,345 ", 12_345),
            ("٧٢", 72),
            ("１２,３４５", 12_345),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(read_player_id(typed), id, "{typed}");
        }
    }

    #[test]
    fn what_is_no_id_is_nobodys() {
        for typed in [
            "",
            " ",
            "0",
            "-1",
            "+1",
            "1.5",
            "1,5",
            "1,",
            ",",
            ",100",
            ",100,000",
            "1000,000",
            "1,000,00",
            "1,,000",
            "1, 00",
            "1 2,000",
            "abc",
            "1e3",
            "18446744073709551616",
        ] {
            assert_eq!(read_player_id(typed), 0, "{typed}");
        }
    }
}
