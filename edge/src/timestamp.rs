//! Times in the formats of the API.

use time::OffsetDateTime;

/// Milliseconds since 1970 as RFC 3339 in UTC.
pub(crate) fn rfc3339(ms: impl TryInto<i64>) -> Option<String> {
    let at = at(ms)?;
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    ))
}

/// Milliseconds since 1970 as `YYYY-MM-DD HH:MM:SS` in UTC.
#[cfg(feature = "draw")]
pub(crate) fn to_the_second(ms: impl TryInto<i64>) -> Option<String> {
    let at = at(ms)?;
    Some(format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    ))
}

fn at(ms: impl TryInto<i64>) -> Option<OffsetDateTime> {
    let ms = ms.try_into().ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds_and_are_utc() {
        assert_eq!(
            rfc3339(1_763_725_658_007_i64).unwrap(),
            "2025-11-21T11:47:38.007Z"
        );
        assert_eq!(rfc3339(i64::MAX), None);
    }

    #[cfg(feature = "draw")]
    #[test]
    fn the_draws_times_have_seconds() {
        assert_eq!(
            to_the_second(1_763_725_658_007_i64).unwrap(),
            "2025-11-21 11:47:38"
        );
    }
}
