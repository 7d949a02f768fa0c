//! What a number counts, and numbers that only say how many things their sentence names.

use std::ops::Range;

use super::claim::Claim;
use super::reading::Reading;
use super::source::Sources;
use super::values::{Number, ValueKind};

/// How far after a number the word may be that it counts.
const AHEAD: usize = 3;
/// The most things that a sentence is taken to number by itself.
const FEW: f64 = 4.5;

/// Words between a thing and its number.
const LABELS: &[&str] = &["nr", "no", "number", "nummer", "numéro", "número", "numero", "n"];

/// The stem of the content word that follows a number in its clause, or of the one that it is a label of: `room no. 7`.
pub(super) fn counted<'r>(reading: &'r Reading<'_>, tokens: &Range<usize>) -> Option<&'r str> {
    let clause = reading.tokens.get(tokens.end.checked_sub(1)?)?.clause;
    if let Some(label) = tokens.start.checked_sub(2)
        && LABELS.contains(&reading.word(label + 1))
    {
        return reading.tokens.get(label).map(|token| token.stem.as_str());
    }
    let mut after = reading.tokens.iter().skip(tokens.end).take(AHEAD);
    after.find(|token| !token.function && token.clause == clause).map(|token| token.stem.as_str())
}

/// Whether a number only says how many things its sentence names, as in `Ada and Pascal are two languages`: a small one in
/// words, and the passages give no number of that thing.
pub(super) fn only_lists(
    claim: &Claim<'_>,
    sources: &Sources<'_>,
    number: Number,
    tokens: &Range<usize>,
) -> bool {
    let small = number.unit.is_none() && !number.ordinal && number.readings[0] < FEW;
    let figures = claim.reading.written(tokens.start).starts_with(|c: char| c.is_ascii_digit());
    let things = things(&claim.reading, tokens);
    let numbered = sources.passages.iter().any(|passage| {
        let amounts = passage
            .values
            .iter()
            .filter(|value| matches!(value.kind, ValueKind::Number(number) if !number.ordinal));
        amounts
            .flat_map(|value| self::things(&passage.reading, &value.tokens))
            .any(|thing| things.contains(&thing))
    });
    small && !figures && !numbered
}

/// The stems of all content words shortly after a number.
fn things<'r>(reading: &'r Reading<'_>, tokens: &Range<usize>) -> Vec<&'r str> {
    let after = reading.tokens.iter().skip(tokens.end).take(AHEAD);
    after.filter(|token| !token.function).map(|token| token.stem.as_str()).collect()
}
