//! Dates as texts write them: days, months, years, decades, centuries, weekdays.

use super::number_words::ordinal_word;
use super::reading::Reading;

/// What is known of a date; `None` is what the text leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Date {
    pub(super) year: Option<i32>,
    /// How many years from `year` on are meant: 1, 10 (a decade) or 100 (a century).
    pub(super) years: i32,
    /// 1 to 12.
    pub(super) month: Option<u32>,
    /// 1 to 31.
    pub(super) day: Option<u32>,
    /// 1 (Monday) to 7.
    pub(super) weekday: Option<u32>,
    /// Whether day and month may be the other way round: `04/05/2021`.
    pub(super) ambiguous: bool,
}

impl Date {
    /// Whether everything that `self` says is said or left open by `other`, and enough of it is said.
    pub(super) fn agrees(self, other: Self) -> bool {
        let turned = Self { month: other.day, day: other.month, ambiguous: false, ..other };
        self.agrees_as_written(other)
            || (self.ambiguous || other.ambiguous) && other.day.is_some() && self.agrees_as_written(turned)
    }

    fn agrees_as_written(self, other: Self) -> bool {
        let years = match (self.year, other.year) {
            (Some(own), Some(theirs)) => own <= theirs && theirs + other.years <= own + self.years,
            // A day and month are often written once with their year and then without it.
            (Some(_), None) => self.day.is_some() && other.day.is_some(),
            (None, _) => true,
        };
        years
            && (self.month.is_none() || self.month == other.month)
            && (self.day.is_none() || self.day == other.day)
            && (self.weekday.is_none() || self.weekday == other.weekday)
    }

    /// What kind of date it is: only dates of one kind are taken for one another.
    pub(super) fn grain(self) -> u8 {
        match (self.weekday, self.day.or(self.month), self.years) {
            (Some(_), None, _) => 4,
            (_, Some(_), _) => 3,
            (_, None, 1) => 2,
            _ => 1,
        }
    }

    pub(super) fn of_year(year: i32) -> Self {
        Self { year: Some(year), years: 1, ..Self::default() }
    }
}

/// The date that begins at token `at`, and how many tokens it has.
pub(super) fn date(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    numeric(reading, at)
        .or_else(|| dotted(reading, at))
        .or_else(|| day_month(reading, at))
        .or_else(|| first_day(reading, at))
        .or_else(|| month_day(reading, at))
        .or_else(|| century(reading, at))
        .or_else(|| span_of_years(reading, at))
        .or_else(|| year(reading, at).map(|year| (Date::of_year(year), 1)))
        .or_else(|| {
            weekday(reading, at).map(|day| (Date { weekday: Some(day), years: 1, ..Date::default() }, 1))
        })
}

/// `3.3.2021`, of which the first two parts read as one number.
fn dotted(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    let (day, month) = reading.written(at).split_once('.')?;
    let year = reading.written(at + 1);
    let whole = whole(digits(year)?, digits(month)?, digits(day)?, false)?;
    (reading.gap(at + 1) == "." && year.len() == 4).then_some((whole, 2))
}

/// `2021-03-03`, `03.03.2021`, `3/3/2021`, `20210303`, `2021年3月3日`.
fn numeric(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    let word = reading.written(at);
    if word.len() == 8 {
        let (year, month, day) = (digits(word.get(..4)?)?, digits(word.get(4..6)?)?, digits(word.get(6..)?)?);
        return whole(year, month, day, false).filter(|date| date.year >= Some(1900)).map(|date| (date, 1));
    }
    let sign = reading.gap(at + 1);
    if !matches!(sign, "-" | "." | "/" | "‑" | "年")
        || !matches!(reading.gap(at + 2), "-" | "." | "/" | "‑" | "月")
    {
        return None;
    }
    let parts = [digits(word)?, digits(reading.written(at + 1))?, digits(reading.written(at + 2))?];
    let date = if word.len() == 4 {
        whole(parts[0], parts[1], parts[2], false)
    } else if reading.written(at + 2).len() == 4 {
        whole(parts[2], parts[1], parts[0], sign == "/" || parts[1] > 12)
    } else {
        None
    };
    date.map(|date| (date, 3))
}

fn whole(year: u32, month: u32, day: u32, ambiguous: bool) -> Option<Date> {
    let (month, day) = if month > 12 && ambiguous { (day, month) } else { (month, day) };
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && (1000..=2200).contains(&year);
    let ambiguous = ambiguous && day <= 12;
    let date = Date {
        year: i32::try_from(year).ok(),
        years: 1,
        month: Some(month),
        day: Some(day),
        ambiguous,
        weekday: None,
    };
    valid.then_some(date)
}

/// `3 March 2021`, `the 3rd of March`, `3. März`, `1er mars`, `3 de marzo de 2021`.
fn day_month(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    let day = day_number(reading.word(at))?;
    let mut next = at + 1;
    while matches!(reading.word(next), "of" | "de" | "di" | "del") && next < at + 3 {
        next += 1;
    }
    if reading.gap(at + 1).contains([',', ';', ':', '(']) || reading.gap(at + 1).contains("\n\n") {
        return None;
    }
    let month = month(reading, next)?;
    let mut date = Date { month: Some(month), day: Some(day), years: 1, ..Date::default() };
    next += 1;
    let of = usize::from(matches!(reading.word(next), "of" | "de" | "del"));
    if let Some(year) = year(reading, next + of) {
        date.year = Some(year);
        next += of + 1;
    }
    Some((date, next - at))
}

/// The first day of `8–28 June 2024`, `8 to 28 June`, `vom 8. bis 28. Juni`.
fn first_day(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    let day = day_number(reading.word(at))?;
    let joined = matches!(reading.gap(at + 1).trim(), "-" | "–" | "—" | "/" | "./" | ".–" | ".-");
    let word = matches!(
        reading.word(at + 1),
        "to" | "and" | "until" | "bis" | "und" | "au" | "al" | "à" | "et" | "y" | "e"
    );
    let (last, _) = day_month(reading, if joined { at + 1 } else { at + 2 }).filter(|_| joined || word)?;
    (Some(day) <= last.day).then_some((Date { day: Some(day), ..last }, 1))
}

/// `March 3, 2021`, `March 3rd`, `March 2021`, `March`.
fn month_day(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    let month = month(reading, at)?;
    let mut date = Date { month: Some(month), years: 1, ..Date::default() };
    let mut next = at + 1;
    if let Some(day) = day_number(reading.word(next)).filter(|_| !reading.gap(next).contains([',', ';'])) {
        date.day = Some(day);
        next += 1;
    }
    let of = usize::from(matches!(reading.word(next), "of" | "de" | "del"));
    if let Some(year) = year(reading, next + of).filter(|_| !reading.gap(next).contains(';')) {
        date.year = Some(year);
        next += of + 1;
    }
    Some((date, next - at))
}

fn day_number(word: &str) -> Option<u32> {
    let figures = word.trim_end_matches(|c: char| c.is_alphabetic());
    let ending = &word[figures.len()..];
    let known = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "o" | "e");
    digits(figures).filter(|day| known && figures.len() <= 2 && (1..=31).contains(day))
}

/// `17th century`, `16th and 17th centuries`, `17. Jahrhundert`, `XVIIe siècle`, `siglo XVII`.
fn century(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    let of = |number: u32, tokens| {
        let year = i32::try_from(number).ok()?.checked_sub(1)?.checked_mul(100)?;
        (1..=22)
            .contains(&number)
            .then_some((Date { year: Some(year), years: 100, ..Date::default() }, tokens))
    };
    if matches!(reading.word(at), "siglo" | "secolo" | "século") {
        return of(roman(reading.written(at + 1))?, 2);
    }
    let word = reading.word(at);
    let figures = word.trim_end_matches(|c: char| c.is_alphabetic());
    let number = digits(figures)
        .or_else(|| ordinal_word(word, reading.language).map(|value| value as u32))
        .or_else(|| roman(reading.written(at).trim_end_matches(['e', 'è', 'm'])))?;
    (1..=3).find_map(|ahead| {
        let named = ["centur", "jahrhundert", "siècle", "secol"]
            .iter()
            .any(|name| reading.word(at + ahead).starts_with(name));
        let joined = (1..ahead).all(|between| {
            let word = reading.word(at + between);
            matches!(word, "and" | "und" | "et" | "or" | "to")
                || word.starts_with(|c: char| c.is_ascii_digit())
        });
        (named && joined).then(|| of(number, if ahead == 1 { 2 } else { 1 })).flatten()
    })
}

/// `1990s`, `1990er Jahre`, `années 1990`, and the second year of `1576–77`.
fn span_of_years(reading: &Reading<'_>, at: usize) -> Option<(Date, usize)> {
    let word = reading.word(at);
    let figures = word.trim_end_matches(|c: char| c.is_alphabetic());
    let number = digits(figures)?;
    let year = i32::try_from(number).ok()?;
    let before = at.checked_sub(1);
    let plural = matches!(&word[figures.len()..], "s" | "er" | "ern")
        || reading.after(at).starts_with("'s")
        || reading.after(at).starts_with("’s")
        || figures.len() == word.len()
            && before.is_some_and(|at| matches!(reading.word(at), "années" | "anni" | "años"));
    if plural && figures.len() == 4 && year % 10 == 0 {
        return Some((Date { year: Some(year), years: 10, ..Date::default() }, 1));
    }
    let short = figures.len() == 2 && word.len() == 2 && matches!(reading.gap(at), "–" | "-" | "/" | "—");
    let first = before.filter(|_| short).and_then(|before| self::year(reading, before))?;
    (year > first % 100).then(|| (Date::of_year(first - first % 100 + year), 1))
}

/// A year of four figures that nothing marks as a quantity.
fn year(reading: &Reading<'_>, at: usize) -> Option<i32> {
    let word = reading.written(at);
    let year = digits(word).filter(|year| word.len() == 4 && (1000..=2199).contains(year))?;
    let quantity = reading.before(at).ends_with(['$', '€', '£', '#'])
        || reading.after(at).trim_start().starts_with(['%', '€', '$', '£', '°'])
        || !reading.after(at).contains(['.', ',', ')', ';', '-', '–'])
            && super::units::unit(reading.word(at + 1)).is_some_and(|_| reading.word(at + 1).len() > 1);
    i32::try_from(year).ok().filter(|_| !quantity)
}

fn digits(word: &str) -> Option<u32> {
    word.parse().ok().filter(|_| word.bytes().all(|b| b.is_ascii_digit()))
}

/// A Roman number up to 39.
pub(super) fn roman(word: &str) -> Option<u32> {
    const ROMAN: [(&str, u32); 5] = [("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)];
    let (mut rest, mut value) = (word, 0);
    while !rest.is_empty() {
        let (sign, number) = ROMAN.iter().find(|(sign, _)| rest.starts_with(sign))?;
        rest = &rest[sign.len()..];
        value += number;
    }
    (1..=39).contains(&value).then_some(value)
}

/// The month at token `at`. `may` and `march` are words too: they need their capital.
fn month(reading: &Reading<'_>, at: usize) -> Option<u32> {
    let word = reading.word(at);
    let doubtful = matches!(
        word,
        "may" | "march" | "mar" | "sept" | "set" | "ago" | "mai" | "dec" | "jan" | "oct" | "nov" | "feb"
    );
    if word.is_empty() || doubtful && !reading.tokens.get(at).is_some_and(|token| token.capital) {
        return None;
    }
    let opens_a_question = word == "may" && reading.tokens.get(at).is_some_and(|token| token.opens);
    let of = MONTHS.iter().position(|names| names.split(' ').any(|name| name == word));
    of.filter(|_| !opens_a_question).and_then(|month| u32::try_from(month + 1).ok())
}

fn weekday(reading: &Reading<'_>, at: usize) -> Option<u32> {
    let word = reading.word(at);
    let stem = word.strip_suffix('s').unwrap_or(word);
    let of = |word: &str| WEEKDAYS.iter().position(|names| names.split(' ').any(|name| name == word));
    of(word).or_else(|| of(stem)).filter(|_| !word.is_empty()).and_then(|day| u32::try_from(day + 1).ok())
}

const MONTHS: [&str; 12] = [
    "january januar jänner janvier enero gennaio jan",
    "february februar février febrero febbraio feb",
    "march märz mars marzo mar",
    "april avril abril aprile apr",
    "may mai mayo maggio",
    "june juni juin junio giugno",
    "july juli juillet julio luglio",
    "august août agosto aug",
    "september septembre septiembre settembre sept sep",
    "october oktober octobre octubre ottobre oct okt",
    "november novembre noviembre nov",
    "december dezember décembre diciembre dicembre dec dez",
];

const WEEKDAYS: [&str; 7] = [
    "monday montag lundi lunes lunedì mon",
    "tuesday dienstag mardi martes martedì tue",
    "wednesday mittwoch mercredi miércoles mercoledì",
    "thursday donnerstag jeudi jueves giovedì thu",
    "friday freitag vendredi viernes venerdì fri",
    "saturday samstag sonnabend samedi sábado sabato",
    "sunday sonntag dimanche domingo domenica",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<Date> {
        let reading = Reading::of(text, Some(pllm_text::Language::ENGLISH));
        (0..reading.tokens.len()).find_map(|at| date(&reading, at)).map(|(date, _)| date)
    }

    #[test]
    fn the_same_day_in_every_form() {
        let day = Date { year: Some(2021), years: 1, month: Some(3), day: Some(3), ..Date::default() };
        let check = |text: &str| {
            let found = first(text).expect("a date");
            assert!(day.agrees(found) && found.agrees(day), "{text}: {found:?}");
        };
        check("on 3 March 2021");
        check("on March 3, 2021");
        check("March 3rd, 2021");
        check("2021-03-03");
        check("am 03.03.2021");
        check("am 3. März 2021");
        check("20210303");
        check("le 3 mars 2021");
        check("el 3 de marzo de 2021");
        check("03/03/2021");
        check("am 3.3.2021");
        check("3–28 March 2021");
        check("from 3 to 28 March 2021");
    }

    #[test]
    fn coarser_dates_agree_with_finer_ones_and_not_with_others() {
        let check = |claim: &str, source: &str, expected: bool| {
            let (claim, source) = (first(claim).expect("a date"), first(source).expect("a date"));
            assert_eq!(claim.agrees(source), expected, "{claim:?} {source:?}");
        };
        check("in 1994", "in March 1994", true);
        check("in the 1990s", "in 1994", true);
        check("in the 1990's", "in 1994", true);
        check("in 1994", "in the 1990s", false);
        check("in the 17th century", "in 1656", true);
        check("im 17. Jahrhundert", "in 1656", true);
        check("in March 1994", "in 1994", false);
        check("on 5 May", "on 5 May 1994", true);
        check("on Monday", "on Tuesday", false);
    }

    #[test]
    fn verbs_and_quantities_are_no_dates() {
        let check = |text: &str| assert_eq!(first(text), None, "{text}");
        check("they may march");
        check("It costs $1999");
        check("a walk of 1200 metres");
        check("37 rooms");
    }
}
