//! When is a date? Instants of ISO 8601 dates and date-times, for filters.

const MICROS_PER_SECOND: i64 = 1_000_000;

/// Microseconds since 1970-01-01T00:00:00 UTC of `YYYY-MM-DD`, or of a date, `T` or a space, `hh:mm`, `hh:mm:ss` or
/// `hh:mm:ss.f…`, and optionally `Z`, `±hh:mm` or `±hhmm`.
///
/// Without a zone it counts as UTC, a date is its midnight; digits beyond microseconds are cut off. `None` for anything else,
/// also for dates that the (proleptic Gregorian) calendar does not have, for leap seconds and for blanks around it.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let mut scan = Scan(text.as_bytes());
    let date = scan.date()?;
    let mut seconds = days_since_1970(date)? * 86_400;
    let mut micros = 0;
    if scan.take(b'T') || scan.take(b' ') {
        let (hour, minute) = scan.hour_and_minute(true)?;
        seconds += hour * 3600 + minute * 60;
        if scan.take(b':') {
            seconds += scan.number(2).filter(|second| *second < 60)?;
            if scan.take(b'.') {
                micros = scan.fraction()?;
            }
        }
        seconds -= scan.offset()?;
    }
    scan.0.is_empty().then_some(seconds * MICROS_PER_SECOND + micros)
}

/// What is left to read.
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let rest = self.0.strip_prefix(&[byte]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Exactly `digits` digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        head.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    }

    fn date(&mut self) -> Option<(i64, i64, i64)> {
        let year = self.number(4)?;
        let month = self.take(b'-').then(|| self.number(2))??;
        let day = self.take(b'-').then(|| self.number(2))??;
        Some((year, month, day))
    }

    fn hour_and_minute(&mut self, colon: bool) -> Option<(i64, i64)> {
        let hour = self.number(2).filter(|hour| *hour < 24)?;
        if colon && !self.take(b':') {
            return None;
        }
        Some((hour, self.number(2).filter(|minute| *minute < 60)?))
    }

    /// At least one digit; microseconds.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (head, rest) = self.0.split_at(digits);
        self.0 = rest;
        let padded = head.iter().map(|byte| i64::from(byte - b'0')).chain(std::iter::repeat(0));
        (digits > 0).then(|| padded.take(6).fold(0, |sum, digit| sum * 10 + digit))
    }

    /// Seconds east of UTC; 0 when no zone is given.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.0.first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => {
                self.take(b'Z');
                return Some(0);
            }
        };
        self.0 = &self.0[1..];
        let colon = self.0.get(2) == Some(&b':');
        let (hour, minute) = self.hour_and_minute(colon)?;
        Some(sign * (hour * 3600 + minute * 60))
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar; `None` for a day that does not exist.
///
/// Counts years from March, so that the leap day is the last of its year.
fn days_since_1970((year, month, day): (i64, i64, i64)) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if !(1..=days_in_month).contains(&day) {
        return None;
    }
    let (march_year, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = march_year.div_euclid(4) - march_year.div_euclid(100) + march_year.div_euclid(400);
    // 153 days every five months from March; 719,468 days from 0000-03-01 to 1970-01-01.
    Some(march_year * 365 + leap_days + (153 * months + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_and_times_are_read() {
        let check = |text: &str, seconds: i64, micros: i64| {
            assert_eq!(instant(text), Some(seconds * MICROS_PER_SECOND + micros), "{text}");
        };
        check("1970-01-01", 0, 0);
        check("1969-12-31", -86_400, 0);
        check("2000-02-29", 951_782_400, 0);
        check("2026-11-22T13:45", 1_795_355_100, 0);
        check("2026-11-22 13:45:30", 1_795_355_130, 0);
        check("2026-11-22T13:45:30.25Z", 1_795_355_130, 250_000);
        check("2026-11-22T13:45:30.1234567", 1_795_355_130, 123_456);
        check("2026-11-22T15:45:30+02:00", 1_795_355_130, 0);
        check("2026-11-22T08:15:30-0530", 1_795_355_130, 0);
        check("0000-03-01", -719_468 * 86_400, 0);
        check("9999-12-31T23:59:59.999999", 253_402_300_799, 999_999);
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "2020",
            "2020-1-1",
            "2020-13-01",
            "2020-00-10",
            "2020-02-30",
            "2021-02-29",
            "1900-02-29",
            "2020-01-01T",
            "2020-01-01T24:00",
            "2020-01-01T10",
            "2020-01-01T10:60",
            "2020-01-01T10:00:60",
            "2020-01-01T10:00:00.",
            "2020-01-01T10:00+2",
            "2020-01-01T10:00+02:",
            "2020-01-01T10:00+02:00x",
            "2020-01-01Z",
            " 2020-01-01",
            "2020-01-01 ",
            "2020-01-01t10:00",
            "+2020-01-01",
            "2020-01-01T10:00ZZ",
            "２０２０-01-01",
            "tomorrow",
        ] {
            assert_eq!(instant(text), None, "{text:?}");
        }
    }

    proptest! {
        /// Stepping a day through the calendar, one by one, as a clerk would.
        #[test]
        fn a_day_later_is_a_day_later(year in 0i64..9999, month in 1i64..13, day in 1i64..32) {
            let text = |(y, m, d): (i64, i64, i64)| format!("{y:04}-{m:02}-{d:02}");
            if let Some(here) = instant(&text((year, month, day))) {
                let next = [(year, month, day + 1), (year, month + 1, 1), (year + 1, 1, 1)];
                let found = next.into_iter().find_map(|date| instant(&text(date)));
                prop_assert_eq!(found, Some(here + 86_400 * MICROS_PER_SECOND));
            }
        }

        #[test]
        fn a_zone_moves_the_clock_by_its_offset(hour in 0i64..24, minute in 0i64..60, micros in 0i64..1_000_000) {
            let naive = instant("2024-02-29T12:00:00").expect("a date");
            for (sign, factor) in [("+", -1), ("-", 1)] {
                let text = format!("2024-02-29T12:00:00.{micros:06}{sign}{hour:02}:{minute:02}");
                let moved = naive + micros + factor * (hour * 3600 + minute * 60) * MICROS_PER_SECOND;
                prop_assert_eq!(instant(&text), Some(moved));
            }
        }

        #[test]
        fn no_text_panics(text in "[0-9T:Z+. -]{0,32}") {
            let _ = instant(&text);
        }
    }
}
