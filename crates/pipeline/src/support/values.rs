//! Numbers, dates and times of day in a text, and when one says the same as another.

use std::ops::Range;

use super::dates::{Date, date, roman};
use super::number_words::{denominator, magnitude, number_word, ordinal_word};
use super::reading::Reading;
use super::units::{Measure, PER, Unit, rate_word, sign_after, sign_before, unit};

/// A number, date or time of day, and the tokens it is made of.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) kind: ValueKind,
    pub(super) tokens: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ValueKind {
    Number(Number),
    Date(Date),
    /// Minutes since midnight.
    Clock {
        minutes: u32,
        half_day: bool,
    },
}

/// A number with what it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// Its value; twice where `1.250` may be either. Without the unit's factor.
    pub(super) readings: [f64; 2],
    pub(super) ordinal: bool,
    pub(super) unit: Option<Unit>,
    /// The period that it is for: 71 *a month*.
    pub(super) rate: Option<Unit>,
    /// Whether a noun follows that is no known unit: `ten cycles`.
    pub(super) counts: bool,
    /// Whether a word such as `about` says that it is rounded.
    pub(super) about: bool,
    /// Whether the words make a number only where the sources have one too: `one`, `first`.
    pub(super) weak: bool,
}

/// What a value of the sources is for one of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Same,
    /// The number is the same, the unit or period is another.
    OtherUnit,
    Other,
    /// Of another kind: no rival.
    Unrelated,
}

/// What `source` is for `claim`.
pub(super) fn fit(claim: ValueKind, source: ValueKind) -> Fit {
    use ValueKind::{Clock, Date, Number};
    match (claim, source) {
        (Date(claim), Date(source)) if claim.agrees(source) => Fit::Same,
        // A coarser date is no other one.
        (Date(claim), Date(source)) if source.agrees(claim) => Fit::Unrelated,
        (Date(claim), Date(source)) if claim.grain() == source.grain() => Fit::Other,
        (Number(claim), Number(source)) => fit_numbers(claim, source),
        (Clock { minutes, half_day }, Clock { minutes: other, half_day: other_half }) => {
            let same = minutes == other || (half_day || other_half) && minutes % 720 == other % 720;
            if same { Fit::Same } else { Fit::Other }
        }
        (Date(date), Number(number)) | (Number(number), Date(date)) => same_if(date_is(date, number)),
        (Clock { minutes, .. }, Number(number)) | (Number(number), Clock { minutes, .. }) => same_if(
            number.unit.is_none() && equal(number.readings[0] * 60.0 % 720.0, f64::from(minutes % 720)),
        ),
        _ => Fit::Unrelated,
    }
}

fn same_if(same: bool) -> Fit {
    if same { Fit::Same } else { Fit::Unrelated }
}

/// A year without a mark is a number, and `the 14th` may be a day.
fn date_is(date: Date, number: Number) -> bool {
    let value = match (date.year, date.day) {
        (Some(year), None) if date.month.is_none() && date.years == 1 => f64::from(year),
        (None | Some(_), Some(day)) if number.ordinal => f64::from(day),
        _ => return false,
    };
    number.unit.is_none() && number.readings.iter().any(|&reading| equal(reading, value))
}

fn fit_numbers(claim: Number, source: Number) -> Fit {
    let factor = |unit: Option<Unit>| unit.map_or(1.0, |unit| unit.factor);
    let related = match (claim.unit, source.unit) {
        (Some(own), Some(theirs)) => own.measure == theirs.measure,
        (Some(_), None) => !source.counts && !source.ordinal,
        (None, Some(_)) => !claim.ordinal,
        (None, None) => true,
    };
    let both = claim.unit.is_some() && source.unit.is_some() && related;
    let (own_factor, their_factor) =
        if both { (factor(claim.unit), factor(source.unit)) } else { (1.0, 1.0) };
    let pairs =
        || claim.readings.iter().flat_map(|&own| source.readings.iter().map(move |&theirs| (own, theirs)));
    let same = pairs().any(|(own, theirs)| close(own * own_factor, theirs * their_factor, claim.about))
        || rounded(claim.readings[0] * own_factor, source.readings[0] * their_factor);
    let same_figures = pairs().any(|(own, theirs)| equal(own, theirs));
    let other_rate = matches!((claim.rate, source.rate), (Some(own), Some(theirs)) if own != theirs);
    match (same, related) {
        (true, true) if other_rate => Fit::OtherUnit,
        (true, true) => Fit::Same,
        (false, true) if same_figures && both => Fit::OtherUnit,
        (_, false) if same_figures && source.unit.is_some() => Fit::OtherUnit,
        (_, false) => Fit::Unrelated,
        // A place in an order is no amount.
        (false, true) if claim.ordinal != source.ordinal => Fit::Unrelated,
        (false, true) if claim.unit.is_some() != source.unit.is_some() => Fit::Unrelated,
        (false, true) => Fit::Other,
    }
}

fn equal(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1e-9)
}

/// Whether a source's number is said without its fraction.
fn rounded(claim: f64, source: f64) -> bool {
    claim >= LEAST_ROUNDED && source.fract() > 0.0 && equal(claim, source.round())
}

/// From here on a number that has a fraction may be said without it: 59 % for 59.22 %.
const LEAST_ROUNDED: f64 = 20.0;
/// How far a number that is said to be rounded may be from the real one, as a share of it.
const ROUNDED: f64 = 0.05;

fn close(claim: f64, source: f64, about: bool) -> bool {
    let rounder = significant(claim) < significant(source);
    equal(claim, source) || about && rounder && (claim - source).abs() <= ROUNDED * source.abs()
}

/// How many figures a number has without the zeros at its end.
fn significant(value: f64) -> usize {
    let text = format!("{value:.6}");
    let figures: String = text.chars().filter(char::is_ascii_digit).collect();
    figures.trim_start_matches('0').trim_end_matches('0').len()
}

/// The values of a text, in order.
pub(super) fn values(reading: &Reading<'_>) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut at = 0;
    while at < reading.tokens.len() {
        let next = clock(reading, at)
            .or_else(|| date(reading, at).map(|(date, length)| (ValueKind::Date(date), length)))
            .or_else(|| number(reading, at).map(|(number, length)| (ValueKind::Number(number), length)));
        match next {
            Some((kind, length)) => {
                found.push(Value { kind, tokens: at..at + length.max(1) });
                at += length.max(1);
            }
            None => at += 1,
        }
    }
    share_units(reading, &mut found);
    found
}

/// In `five to ten years` both numbers count years.
fn share_units(reading: &Reading<'_>, values: &mut [Value]) {
    for at in (1..values.len()).rev() {
        let (left, right) = values.split_at_mut(at);
        let (Some(first), Some(second)) = (left.last_mut(), right.first()) else { continue };
        let between = second.tokens.start.saturating_sub(first.tokens.end);
        let joined = between == 0
            && reading.gap(second.tokens.start).trim().starts_with(['-', '–', '—', '/'])
            || between == 1 && JOINING.contains(&reading.word(first.tokens.end));
        if let (ValueKind::Number(one), ValueKind::Number(other)) = (&mut first.kind, second.kind) {
            one.unit = one.unit.or(other.unit.filter(|_| joined));
        }
    }
}

const JOINING: &[&str] =
    &["to", "and", "or", "bis", "und", "oder", "auf", "à", "et", "ou", "y", "o", "a", "e"];

/// `16:30`, `2 PM`, `4:15 p.m.`, `8 Uhr`, `21.30 Uhr`, `two o'clock`.
fn clock(reading: &Reading<'_>, at: usize) -> Option<(ValueKind, usize)> {
    let word = reading.word(at);
    let figures = word.trim_end_matches(|c: char| c.is_alphabetic());
    let (hour, minute, mut length) = if let Some((hour, minute)) =
        figures.split_once('.').filter(|(_, m)| m.len() == 2)
    {
        (small(hour)?, Some(small(minute)?), 1)
    } else if reading.gap(at + 1) == ":"
        && reading.written(at + 1).trim_end_matches(|c: char| c.is_alphabetic()).len() == 2
    {
        (small(figures)?, small(reading.word(at + 1).trim_end_matches(|c: char| c.is_alphabetic())), 2)
    } else {
        (small(figures).or_else(|| number_word(word, reading.language).map(|value| value as u32))?, None, 1)
    };
    let mark = half_of_day(reading, at + length - 1).or_else(|| half_of_day_after(reading, at + length));
    let half = mark.map(|(half, tokens)| {
        length += tokens;
        half
    });
    let colon = reading.gap(at + 1) == ":" && minute.is_some();
    let valid = hour < 25 && minute.unwrap_or(0) < 60 && (half.is_some() || colon);
    let base = match half {
        Some(Half::Morning) => hour % 12,
        Some(Half::Afternoon) => hour % 12 + 12,
        _ => hour,
    };
    let half_day = matches!(half, Some(Half::Either)) && hour <= 12;
    valid.then(|| (ValueKind::Clock { minutes: base * 60 + minute.unwrap_or(0), half_day }, length))
}

#[derive(Debug, Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
    /// `o'clock`.
    Either,
    /// `Uhr`.
    Whole,
}

/// `am` or `pm` written together with the figures.
fn half_of_day(reading: &Reading<'_>, at: usize) -> Option<(Half, usize)> {
    let word = reading.word(at);
    match &word[word.trim_end_matches(|c: char| c.is_alphabetic()).len()..] {
        "am" if word.len() > 2 => Some((Half::Morning, 0)),
        "pm" if word.len() > 2 => Some((Half::Afternoon, 0)),
        _ => None,
    }
}

fn half_of_day_after(reading: &Reading<'_>, at: usize) -> Option<(Half, usize)> {
    match (reading.word(at), reading.gap(at + 1), reading.word(at + 1)) {
        ("am", gap, _) if !gap.is_empty() || reading.after(at).is_empty() => {
            // The German preposition `am` is no half of a day.
            (reading.language.code() == "en").then_some((Half::Morning, 1))
        }
        ("pm", ..) => Some((Half::Afternoon, 1)),
        ("a", ".", "m") => Some((Half::Morning, 2)),
        ("p", ".", "m") => Some((Half::Afternoon, 2)),
        ("o", _, "clock") => Some((Half::Either, 2)),
        ("uhr", ..) => Some((Half::Whole, 1)),
        ("bis" | "und", _, _) if reading.word(at + 2) == "uhr" || reading.word(at + 3) == "uhr" => {
            Some((Half::Whole, 0))
        }
        _ => None,
    }
}

fn small(figures: &str) -> Option<u32> {
    figures.parse().ok().filter(|_| !figures.is_empty() && figures.len() <= 2)
}

/// The number that begins at token `at`, with its unit, and how many tokens both have.
fn number(reading: &Reading<'_>, at: usize) -> Option<(Number, usize)> {
    let mut plain = figures(reading, at).or_else(|| spelled(reading, at))?;
    let mut next = at + plain.length;
    // Three quarters of an hour.
    if plain.readings[0] < 1.0 && reading.word(next) == "of" && matches!(reading.word(next + 1), "a" | "an") {
        next += 2;
    }
    if let Some(factor) =
        magnitude(reading.word(next), reading.language).filter(|_| !plain.ordinal && plain.unit.is_none())
    {
        plain.readings = plain.readings.map(|value| value * factor);
        next += 1;
    }
    if matches!(reading.word(next), "and" | "und")
        && reading.word(next + 1) == "a"
        && reading.word(next + 2) == "half"
    {
        plain.readings = plain.readings.map(|value| value + 0.5);
        next += 3;
    }
    let of = unit_after(reading, next);
    let unit = plain.unit.or(of.map(|(unit, _)| unit)).or_else(|| unit_before(reading, at));
    next += of.filter(|_| plain.unit.is_none()).map_or(0, |(_, tokens)| tokens);
    let number = Number {
        readings: plain.readings,
        ordinal: plain.ordinal,
        unit: unit.filter(|_| !plain.ordinal),
        rate: rate(reading, next),
        counts: unit.is_none() && counts(reading, next),
        about: is_about(reading, at),
        weak: plain.weak && unit.is_none(),
    };
    Some((number, next - at))
}

/// A number without what stands after it.
struct Plain {
    readings: [f64; 2],
    ordinal: bool,
    weak: bool,
    /// Written together with it: `10kg`.
    unit: Option<Unit>,
    length: usize,
}

fn figures(reading: &Reading<'_>, at: usize) -> Option<Plain> {
    let word = reading.word(at);
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return roman_ordinal(reading, at);
    }
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
    let (number, ending) = word.split_at(end);
    let mut value: f64 = number.parse().ok()?;
    let mut length = 1;
    let (mut ordinal, mut unit) = (false, None);
    match ending {
        "" => {}
        "st" | "nd" | "rd" | "th" | "er" | "e" | "eme" | "ème" | "o" => ordinal = true,
        "k" => value *= 1000.0,
        // NFKC takes `6½` apart.
        _ => match half_sign(reading.written(at)) {
            Some((whole, fraction)) => value = whole + fraction,
            None => unit = Some(self::unit(ending)?),
        },
    }
    // `1 250`, and `4 8½` of a length in feet and inches is two numbers.
    while ending.is_empty() && number.len() <= 3 && is_group(reading, at + length) {
        value = value * 1000.0 + reading.word(at + length).parse::<f64>().ok()?;
        length += 1;
    }
    let other = other_reading(reading.written(at)).unwrap_or(value);
    Some(Plain { readings: [value, other], ordinal, weak: false, unit, length })
}

fn is_group(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.written(at);
    reading.gap(at) == " " && word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit())
}

/// `532.101` may be a fraction.
fn other_reading(written: &str) -> Option<f64> {
    let (whole, fraction) = written.split_once(['.', ','])?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| format!("{whole}.{fraction}").parse().ok()).flatten()
}

fn half_sign(written: &str) -> Option<(f64, f64)> {
    const SIGNS: [(char, f64); 5] =
        [('½', 0.5), ('¼', 0.25), ('¾', 0.75), ('⅓', 1.0 / 3.0), ('⅔', 2.0 / 3.0)];
    let (sign, value) = SIGNS.iter().find(|(sign, _)| written.ends_with(*sign))?;
    Some((written.trim_end_matches(*sign).parse().ok()?, *value))
}

fn roman_ordinal(reading: &Reading<'_>, at: usize) -> Option<Plain> {
    let written = reading.written(at);
    let value = f64::from(roman(written).filter(|_| written.len() > 1)?);
    let after_name = at > 0 && reading.tokens.get(at - 1).is_some_and(|token| token.capital);
    after_name.then_some(Plain { readings: [value; 2], ordinal: true, weak: true, unit: None, length: 1 })
}

/// `twenty-one`, `two hundred and fifty`, `two-thirds`, `third`.
fn spelled(reading: &Reading<'_>, at: usize) -> Option<Plain> {
    if matches!(reading.word(at), "half" | "demi" | "mezzo" | "medio" | "halbes" | "halbe" | "halben") {
        return half_of_unit(reading, at);
    }
    if let Some(value) = ordinal_word(reading.word(at), reading.language) {
        let weak = value < 3.0;
        return Some(Plain { readings: [value; 2], ordinal: true, weak, unit: None, length: 1 });
    }
    let (value, length) = compose(reading, at)?;
    if let Some(parts) = denominator(reading.word(at + length), reading.language).filter(|_| value < 20.0) {
        let share = value / parts;
        return Some(Plain {
            readings: [share; 2],
            ordinal: false,
            weak: false,
            unit: None,
            length: length + 1,
        });
    }
    let weak = reading.word(at) == "one" || length == 1 && (value - 100.0).abs() < 0.5;
    Some(Plain { readings: [value; 2], ordinal: false, weak, unit: None, length })
}

/// `half a year`.
fn half_of_unit(reading: &Reading<'_>, at: usize) -> Option<Plain> {
    let article = usize::from(matches!(reading.word(at + 1), "a" | "an"));
    let unit = unit(reading.word(at + 1 + article)).filter(|_| reading.word(at + 1 + article).len() > 2)?;
    Some(Plain { readings: [0.5; 2], ordinal: false, weak: false, unit: Some(unit), length: 2 + article })
}

/// The value of the number words from `at` on, and how many they are.
fn compose(reading: &Reading<'_>, at: usize) -> Option<(f64, usize)> {
    let (mut total, mut current, mut length) = (0.0, number_word(reading.word(at), reading.language)?, 1);
    if current >= 1000.0 {
        (total, current) = (current, 0.0);
    }
    loop {
        let joined = usize::from(
            current >= 20.0 && matches!(reading.word(at + length), "and" | "und" | "et" | "y" | "e"),
        );
        let word = reading.word(at + length + joined);
        if reading.gap(at + length).contains([',', ';', '.']) {
            break;
        }
        match number_word(word, reading.language) {
            Some(value) if value >= 1000.0 => (total, current) = (total + current.max(1.0) * value, 0.0),
            Some(value) if (value - 100.0).abs() < 0.5 && current < 100.0 => {
                current = current.max(1.0) * 100.0;
            }
            Some(value) if (value - 20.0).abs() < 0.5 && (current - 4.0).abs() < 0.5 => current = 80.0,
            Some(value) if value < 100.0 && takes(current, value) => current += value,
            _ => break,
        }
        length += joined + 1;
    }
    Some((total + current, length))
}

/// Whether `value` goes on with `current`: twenty-one, hundred and five, soixante-dix.
fn takes(current: f64, value: f64) -> bool {
    let rest = current % 100.0;
    let french = (rest - 60.0).abs() < 0.5 || (rest - 80.0).abs() < 0.5;
    current >= 20.0
        && value > 0.0
        && (rest < 0.5 || rest % 10.0 < 0.5 && value < if french { 20.0 } else { 10.0 } && rest >= 20.0)
}

fn unit_after(reading: &Reading<'_>, next: usize) -> Option<(Unit, usize)> {
    let gap = reading.before(next);
    if let Some(unit) = sign_after(gap) {
        return Some((unit, 0));
    }
    if !gap.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '‑' | '°' | '.')) || gap.starts_with(". ")
    {
        return None;
    }
    match (reading.word(next), reading.word(next + 1)) {
        ("per" | "pour" | "v", "cent" | "h") | ("por", "ciento") | ("per", "cento") => {
            Some((unit("percent")?, 2))
        }
        ("mal" | "times", _) => None,
        ("k", _) if reading.written(next) == "K" => Some((unit("kelvin")?, 1)),
        ("us", _) if reading.after(next).trim_start().starts_with('$') => Some((unit("dollar")?, 1)),
        // A single letter is a unit only as it is written.
        (word, _)
            if word.len() == 1
                && !gap.contains('°')
                && reading.tokens.get(next).is_some_and(|t| t.capital) =>
        {
            matches!(word, "v" | "w").then(|| unit(word)).flatten().map(|unit| (unit, 1))
        }
        ("a" | "s" | "t", _) => None,
        ("c" | "f", _) if !gap.contains('°') => None,
        (word, _) => unit(word).map(|unit| (unit, 1)),
    }
}

fn unit_before(reading: &Reading<'_>, at: usize) -> Option<Unit> {
    if let Some(unit) = sign_before(reading.before(at)) {
        return Some(unit);
    }
    let word = at.checked_sub(1).map_or("", |before| reading.word(before));
    matches!(word, "eur" | "usd" | "chf" | "gbp" | "rs" | "euro").then(|| unit(word)).flatten()
}

/// The period that a number is for, if it is named within four words of the same clause.
fn rate(reading: &Reading<'_>, next: usize) -> Option<Unit> {
    let clause = reading.tokens.get(next.saturating_sub(1))?.clause;
    (next..next + 4).take_while(|&at| reading.tokens.get(at).is_some_and(|t| t.clause == clause)).find_map(
        |at| {
            let period =
                |word| unit(word).filter(|unit| matches!(unit.measure, Measure::Time | Measure::Calendar));
            let per = PER.contains(&reading.word(at)) || reading.gap(at + 1).trim() == "/";
            rate_word(reading.word(at)).or_else(|| period(reading.word(at + 1)).filter(|_| per))
        },
    )
}

/// Whether the word at `next` is counted by the number before it.
fn counts(reading: &Reading<'_>, next: usize) -> bool {
    matches!(reading.before(next), " " | "\n" | "-")
        && reading.tokens.get(next).is_some_and(|token| !token.function)
}

fn is_about(reading: &Reading<'_>, at: usize) -> bool {
    (at.saturating_sub(3)..at).any(|before| ABOUT.contains(&reading.word(before)))
}

const ABOUT: &[&str] = &[
    "about",
    "than",
    "around",
    "roughly",
    "approximately",
    "approx",
    "nearly",
    "almost",
    "some",
    "over",
    "under",
    "circa",
    "ca",
    "rund",
    "etwa",
    "ungefähr",
    "fast",
    "knapp",
    "über",
    "gut",
    "environ",
    "près",
    "presque",
    "casi",
    "unos",
    "unas",
    "aproximadamente",
    "cerca",
    "quasi",
    "circa",
];
