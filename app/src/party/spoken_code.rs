//! Codes for people.

use protocol::PartyCode;

/// A party's code as it is read out: `457 495 738`.
pub fn code_in_groups(code: PartyCode) -> String {
    let digits = code.to_string();
    let mut text = String::with_capacity(digits.len() + 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_groups_of_three() {
        let code = PartyCode::parse("457495738").unwrap();

        assert_eq!(code_in_groups(code), "457 495 738");
    }
}
