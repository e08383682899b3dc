//! The fields of a query.

use crate::problem::HttpError;
use axum::http::Uri;
use protocol::{Coordinates, CoordinatesError, Cursor, MailAddress};
use std::borrow::Cow;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use url::form_urlencoded;

/// A query, read field by field: what it says beside them does not count.
///
/// Errors name the field and never quote what was sent.
pub(crate) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    pub(crate) fn of(uri: &'a Uri) -> Self {
        Self(uri.query().unwrap_or_default())
    }

    /// The place that `lat` and `lng` name.
    pub(crate) fn place(&self) -> Result<Coordinates, HttpError> {
        let degrees = |name, error: CoordinatesError| {
            let text = self.text(name)?.unwrap_or_default();
            text.parse().map_err(|_| bad(error))
        };
        let lat = degrees("lat", CoordinatesError::Lat)?;
        let lng = degrees("lng", CoordinatesError::Lng)?;
        Coordinates::new(lat, lng).map_err(bad)
    }

    /// A mail address.
    pub(crate) fn address(&self, name: &str) -> Result<MailAddress, HttpError> {
        let text = self.text(name)?.unwrap_or_default();
        MailAddress::parse(&text).map_err(|error| bad(format_args!("`{name}`: {error}")))
    }

    /// A place in a mailbox or a room, where one is given.
    pub(crate) fn cursor(&self, name: &str) -> Result<Option<Cursor>, HttpError> {
        let read = |text: Cow<'_, str>| Cursor::parse(&text);
        let cursor = self.text(name)?.map(read).transpose();
        cursor.map_err(|error| bad(format_args!("`{name}`: {error}")))
    }

    /// A number within bounds, or what counts where it is missing.
    pub(crate) fn number<T>(
        &self,
        name: &str,
        default: T,
        fits: RangeInclusive<T>,
    ) -> Result<T, HttpError>
    where
        T: FromStr + PartialOrd + Display,
    {
        let Some(text) = self.text(name)? else {
            return Ok(default);
        };
        match text.parse() {
            Ok(number) if fits.contains(&number) => Ok(number),
            _ => Err(bad(format_args!(
                "`{name}` is a number from {} to {}",
                fits.start(),
                fits.end()
            ))),
        }
    }

    /// Whether a switch is on: 1 is, 0 or nothing is not.
    pub(crate) fn switch(&self, name: &str) -> Result<bool, HttpError> {
        match self.text(name)?.as_deref() {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(_) => Err(bad(format_args!("`{name}` is 0 or 1"))),
        }
    }

    fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, HttpError> {
        let mut given = form_urlencoded::parse(self.0.as_bytes()).filter(|(key, _)| key == name);
        let first = given.next().map(|(_, value)| value);
        match given.next() {
            None => Ok(first),
            // Which of them a proxy would take is anyone's guess.
            Some(_) => Err(bad(format_args!("`{name}` is given more than once"))),
        }
    }
}

fn bad(reason: impl Display) -> HttpError {
    HttpError::Query(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<T>(
        query: &str,
        read: impl Fn(&Query<'_>) -> Result<T, HttpError>,
    ) -> Result<T, HttpError> {
        read(&Query(query))
    }

    #[test]
    fn places_are_read_however_they_are_written() {
        for query in [
            "lat=52.5&lng=13.4",
            "lng=13.4&lat=52.5&other=1",
            "%6Cat=5.25e1&lng=+13.4".replace('+', "%2B").as_str(),
        ] {
            let place = of(query, |query| query.place()).unwrap();
            assert_eq!((place.lat(), place.lng()), (52.5, 13.4), "{query}");
        }
        for (lat, lng) in [("90", "180"), ("-90", "-180"), ("-0", "0.0")] {
            assert!(of(&format!("lat={lat}&lng={lng}"), |query| query.place()).is_ok());
        }
    }

    #[test]
    fn what_is_no_place_names_its_field_and_is_not_quoted() {
        let wrong = [
            "", "x", "NaN", "inf", "-inf", "1e400", "90.0001,", "1,5", "0x1", "١",
        ];
        for value in wrong {
            for (query, field) in [
                (format!("lat={value}&lng=0"), "`lat`"),
                (format!("lat=0&lng={value}"), "`lng`"),
            ] {
                let error = of(&query, |query| query.place()).unwrap_err().to_string();
                assert!(error.contains(field), "{query}: {error}");
                assert!(value.len() < 4 || !error.contains(value), "{error}");
            }
        }
        for (query, field) in [
            ("", "`lat`"),
            ("lat=1", "`lng`"),
            ("lng=1", "`lat`"),
            ("lat=1&lat=1&lng=1", "`lat`"),
            ("lat=1&lng=1&lng=", "`lng`"),
            ("lat=90.1&lng=0", "`lat`"),
            ("lat=0&lng=-180.1", "`lng`"),
        ] {
            let error = of(query, |query| query.place()).unwrap_err().to_string();
            assert!(error.contains(field), "{query}: {error}");
        }
    }

    #[test]
    fn numbers_have_bounds_and_defaults() {
        let limit = |query: &str| of(query, |query| query.number("limit", 20_usize, 1..=100));

        assert_eq!(limit("").unwrap(), 20);
        assert_eq!(limit("limit=100").unwrap(), 100);
        for query in [
            "limit=0",
            "limit=101",
            "limit=",
            "limit=1.5",
            "limit=-1",
            "limit=1&limit=1",
        ] {
            let error = limit(query).unwrap_err().to_string();
            assert!(error.contains("`limit`"), "{query}: {error}");
        }
    }

    #[test]
    fn addresses_and_cursors_name_their_field_and_are_not_quoted() {
        let address = |query: &str| of(query, |query| query.address("address"));
        let after = |query: &str| of(query, |query| query.cursor("after"));

        assert_eq!(address("address=Ord-Wren").unwrap().to_string(), "ord-wren");
        assert_eq!(after("").unwrap(), None);
        assert_eq!(after("after=5-1").unwrap(), Cursor::parse("5-1").ok());
        for query in [
            "",
            "address=hunter2",
            "address=%ff",
            "address=a-b&address=a-b",
        ] {
            let error = address(query).unwrap_err().to_string();
            assert!(error.contains("`address`") && !error.contains("hunter2"));
        }
        for query in ["after=", "after=hunter2", "after=1-1&after=1-1"] {
            let error = after(query).unwrap_err().to_string();
            assert!(error.contains("`after`") && !error.contains("hunter2"));
        }
    }

    #[test]
    fn switches_are_on_or_off() {
        let replay = |query: &str| of(query, |query| query.switch("replay"));

        assert!(replay("replay=1").unwrap());
        assert!(!replay("replay=0").unwrap());
        assert!(!replay("lat=1").unwrap());
        assert!(replay("replay=yes").is_err());
        assert!(replay("replay").is_err());
    }
}
