//! The reader's time, and when something was, in words: by hand, as [`live::format`] does it, for the same reason.

use leptos::prelude::*;
use live::browser::{every, now_ms};
use std::time::Duration;

const SECOND_MS: i64 = 1_000;
const SECONDS_OF_MINUTE: i64 = 60;
const MINUTES_OF_DAY: i64 = 24 * 60;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// 1970 began on a Thursday.
const WEEKDAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];
/// Letters of a short month name.
const MONTH_CHARS: usize = 3;

/// How often the clock is set: it tells days and minutes.
const CLOCK_STEP: Duration = Duration::from_secs(20);

/// The reader's time: nothing on a server and until the page runs, where it is UTC.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    now_ms: RwSignal<Option<i64>>,
}

impl Clock {
    /// A clock that stands still.
    pub(crate) fn new() -> Self {
        Self {
            now_ms: RwSignal::new(None),
        }
    }

    /// Starts it; once, after hydration.
    pub(crate) fn run(self) {
        let set = move || {
            self.now_ms.try_set(Some(now_ms()));
        };
        set();
        every(CLOCK_STEP, set);
    }

    /// A time as the reader's clock shows it.
    pub(crate) fn at(self, sent_at: &str) -> Option<Moment> {
        read_ms(sent_at).map(|ms| self.at_ms(ms))
    }

    /// Likewise, of milliseconds since 1970.
    pub(crate) fn at_ms(self, ms: i64) -> Moment {
        Moment::of(ms, if self.runs() { ahead_minutes(ms) } else { 0 })
    }

    /// The day that is today; nothing where that is not known.
    pub(crate) fn today(self) -> Option<i64> {
        let now_ms = self.now_ms.get()?;
        Some(Moment::of(now_ms, ahead_minutes(now_ms)).day)
    }

    /// Whether it shows the reader's own time.
    pub(crate) fn runs(self) -> bool {
        self.now_ms.with(Option::is_some)
    }
}

/// How many minutes the reader's clocks are, or were then, ahead of UTC.
fn ahead_minutes(ms: i64) -> i64 {
    let date = js_sys::Date::new(&(ms as f64).into());
    // Not a number for a time that no calendar has.
    -(date.get_timezone_offset() as i64)
}

/// A moment as a clock and a calendar show it somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Days since 1970 began, by that calendar.
    pub day: i64,
    minute: i64,
    second: i64,
}

impl Moment {
    /// The moment in milliseconds since 1970, as seen where clocks are that many minutes ahead of UTC.
    pub(crate) fn of(ms: i64, ahead_minutes: i64) -> Self {
        let seconds = ms.div_euclid(SECOND_MS);
        let minutes = seconds.div_euclid(SECONDS_OF_MINUTE) + ahead_minutes;
        Self {
            day: minutes.div_euclid(MINUTES_OF_DAY),
            minute: minutes.rem_euclid(MINUTES_OF_DAY),
            // Clocks are whole minutes apart.
            second: seconds.rem_euclid(SECONDS_OF_MINUTE),
        }
    }

    /// The time of the day: `14:05`.
    pub(crate) fn time(self) -> String {
        format!("{:02}:{:02}", self.minute / 60, self.minute % 60)
    }

    /// The time of the day to the second: `14:05:09`.
    pub(crate) fn exact_time(self) -> String {
        format!("{}:{:02}", self.time(), self.second)
    }

    /// In short: the time, `Yesterday`, `21 Nov` or, after years, `21 Nov 2024`.
    pub(crate) fn in_short(self, today: i64) -> String {
        let (year, month, day) = civil(self.day);
        let month = &month[..MONTH_CHARS];
        match today - self.day {
            0 => self.time(),
            1 => "Yesterday".into(),
            _ if civil(today).0 == year => format!("{day} {month}"),
            _ => format!("{day} {month} {year}"),
        }
    }
}

/// A day as a heading: `Today`, `Yesterday`, or `Saturday, 21 November 2026`, with its zone where the reader's is not
/// known.
pub(crate) fn day_in_full(day: i64, today: Option<i64>) -> String {
    match today.map(|today| today - day) {
        Some(0) => "Today".into(),
        Some(1) => "Yesterday".into(),
        _ => {
            let weekday = WEEKDAYS[day.rem_euclid(7) as usize];
            let (year, month, of_month) = civil(day);
            let zone = if today.is_none() { " (UTC)" } else { "" };
            format!("{weekday}, {of_month} {month} {year}{zone}")
        }
    }
}

/// Reads a time such as `2026-11-21T12:00:00.123Z`, in milliseconds since 1970; fractions do not count.
pub(crate) fn read_ms(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let [hour, minute, second] = numbers(time, ':')?;
    let is_time = hour < 24 && minute < 60 && second <= 60;
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
    let seconds = (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
    (is_time && is_date).then_some(seconds * 1000)
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let mut parts = text.split(between).map(|part| {
        let plain = part.bytes().all(|byte| byte.is_ascii_digit()) && (1..=4).contains(&part.len());
        plain.then(|| part.parse().ok()).flatten()
    });
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}

/// Days from the beginning of 1970 to a date of the Gregorian calendar.
///
/// Years begin in March here, so that the leap day is a year's last; 400 of them are an era of 146 097 days.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day: year, the month's name, and the day of the month.
fn civil(day: i64) -> (i64, &'static str, i64) {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = (from_march + 2) % 12;
    let year = era * 400 + year + i64::from(month < 2);
    (
        year,
        MONTHS[month as usize],
        of_year - (153 * from_march + 2) / 5 + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "2026-11-21T12:00:00Z";

    fn at(text: &str, ahead_minutes: i64) -> Moment {
        Moment::of(read_ms(text).unwrap(), ahead_minutes)
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        assert_eq!(read_ms("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(read_ms(NOON), Some(1_795_262_400_000));
        assert_eq!(read_ms("2026-11-21T12:00:00.999Z"), read_ms(NOON));
        assert_eq!(read_ms("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        for text in [
            "",
            "2026-11-21",
            "2026-13-21T12:00:00Z",
            "2026-11-21T25:00:00Z",
            "x-y-zT1:2:3Z",
        ] {
            assert_eq!(read_ms(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_told_as_far_as_it_is_away() {
        let noon = at(NOON, 0);

        assert_eq!(
            day_in_full(noon.day, None),
            "Saturday, 21 November 2026 (UTC)"
        );
        assert_eq!(day_in_full(noon.day, Some(noon.day)), "Today");
        assert_eq!(day_in_full(noon.day, Some(noon.day + 1)), "Yesterday");
        assert_eq!(noon.in_short(noon.day), "12:00");
        assert_eq!(noon.in_short(noon.day + 1), "Yesterday");
        assert_eq!(noon.in_short(noon.day + 2), "21 Nov");
        assert_eq!(noon.in_short(noon.day + 60), "21 Nov 2026");
    }

    #[test]
    fn a_day_begins_where_the_reader_is() {
        let kathmandu = at("2026-12-31T18:20:00Z", 345);

        assert_eq!(kathmandu.time(), "00:05");
        assert_eq!(at("2026-12-31T18:20:09.9Z", 345).exact_time(), "00:05:09");
        assert_eq!(Moment::of(-1, 0).exact_time(), "23:59:59");
        assert_eq!(
            day_in_full(kathmandu.day, Some(0)),
            "Friday, 1 January 2027"
        );
        assert_eq!(
            day_in_full(at("2024-03-01T03:00:00Z", -300).day, Some(0)),
            "Thursday, 29 February 2024"
        );
    }

    #[test]
    fn every_day_is_a_date_and_back() {
        for day in (-150_000..300_000).step_by(17) {
            let (year, month, of_month) = civil(day);
            let month = MONTHS.iter().position(|name| *name == month).unwrap() as i64 + 1;

            assert_eq!(days(year, month, of_month), day);
        }
    }
}
