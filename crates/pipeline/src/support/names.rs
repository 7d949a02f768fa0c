//! Which words of a text are names, and when two names are of the same.

use std::collections::HashSet;
use std::ops::Range;

use pllm_text::without_accents;

use super::reading::Reading;
use super::values::Value;

/// A name: neighbouring words with a capital, perhaps with a small word such as `of` between.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) tokens: Range<usize>,
    /// Its words that tell it from others, as [`canonical`] gives them: no titles, no initials, no small words.
    pub(super) words: Vec<String>,
    /// Whether it may be any word, which has its capital from the start of the sentence.
    pub(super) doubtful: bool,
}

impl Name {
    /// Whether one name may be said for the other: `Dr. Weber` for `Anna Weber`, `LiHua` for `Li Hua`.
    pub(super) fn is(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| {
            one.words.iter().all(|word| other.words.iter().any(|theirs| same_word(word, theirs)))
        };
        within(self, other)
            || within(other, self)
            || self.words.concat() == other.words.concat()
            || self.abbreviates(other)
            || other.abbreviates(self)
    }

    /// Whether it may be a full name, of which each part is said alone: two or three words and no small one between.
    pub(super) fn is_full(&self) -> bool {
        (2..=3).contains(&self.words.len()) && self.tokens.len() == self.words.len()
    }

    /// Whether it is made of the first letters of `other`: `MLS`, `WWII`.
    fn abbreviates(&self, other: &Self) -> bool {
        let [own] = &self.words[..] else { return false };
        let letters = other.words.iter().flat_map(|word| {
            let numeral = word.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
            word.chars().take(if numeral { word.len() } else { 1 })
        });
        other.words.len() > 2 && own.chars().eq(letters)
    }

    /// Whether a word of it stands in `other`.
    pub(super) fn touches(&self, other: &Self) -> bool {
        self.words.iter().any(|word| other.words.iter().any(|theirs| same_word(word, theirs)))
    }
}

/// Words that are written with a capital inside a sentence of the text, so that a capital at its start may be a name's.
pub(super) fn capitalised<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = &'r str> {
    let inner = reading.tokens.iter().filter(|token| token.capital && !token.opens && !token.function);
    inner.map(|token| token.folded.as_str())
}

/// The names of a text. `known` are words that are names wherever they stand, `small` those that also stand without a capital.
pub(super) fn names(
    reading: &Reading<'_>,
    values: &[Value],
    known: &HashSet<&str>,
    small: &HashSet<&str>,
) -> Vec<Name> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < reading.tokens.len() {
        let end = run(reading, values, at, small);
        if end == at {
            at += 1;
            continue;
        }
        // A capital that only begins the sentence belongs to no name.
        let opening =
            reading.tokens.get(at).is_some_and(|token| token.opens && !known.contains(token.folded.as_str()));
        let start = if opening && end - at > 1 && !is_title(reading.word(at)) { at + 1 } else { at };
        found.extend(name(reading, start..end, known));
        at = end;
    }
    found
}

/// Where the run of capitalised words ends that begins at `start`; `start` if there is none.
fn run(reading: &Reading<'_>, values: &[Value], start: usize, small: &HashSet<&str>) -> usize {
    let capital = |at: usize| {
        let valued = values.iter().any(|value| value.tokens.contains(&at));
        reading.tokens.get(at).is_some_and(|token| {
            let common = token.opens && (token.function || small.contains(token.folded.as_str()));
            // `US` is a name, `Us` is none.
            let small_word = token.function
                && token.folded.len() < 4
                && reading.written(at).chars().any(char::is_lowercase);
            token.capital && !common && !small_word && !valued
        })
    };
    if !capital(start) {
        return start;
    }
    let mut end = start + 1;
    loop {
        let plain = |at: usize| {
            matches!(reading.gap(at), " " | "\n" | "-" | "‑" | ". " | "." | " & " | "’" | "'" | "–" | "/")
        };
        let sentence = |at: usize| reading.tokens.get(at).map(|token| token.sentence);
        if !plain(end) || sentence(end) != sentence(start) {
            return end;
        }
        if capital(end) && joins(reading, end) {
            end += 1;
        } else if TIES.contains(&reading.word(end))
            && plain(end + 1)
            && capital(end + 1)
            && reading.language.code() != "de"
        {
            end += 2;
        } else {
            return end;
        }
    }
}

/// A full stop goes on with a name only after an initial or a title.
fn joins(reading: &Reading<'_>, at: usize) -> bool {
    !reading.gap(at).starts_with('.')
        || at
            .checked_sub(1)
            .is_some_and(|before| reading.word(before).chars().count() < 3 || is_title(reading.word(before)))
}

fn name(reading: &Reading<'_>, tokens: Range<usize>, known: &HashSet<&str>) -> Option<Name> {
    let titled = is_title(reading.word(tokens.start));
    let all: Vec<&str> = tokens.clone().map(|at| reading.word(at)).collect();
    let telling = |word: &&&str| word.chars().count() > 1 && !TIES.contains(*word) && !is_title(word);
    let mut words: Vec<String> = all.iter().filter(telling).map(|word| canonical(word)).collect();
    words.retain(|word| !word.is_empty());
    if words.is_empty() {
        words = all.iter().filter(|word| word.chars().count() > 1).map(|word| canonical(word)).collect();
    }
    let first = reading.tokens.get(tokens.start)?;
    let doubtful = tokens.len() == 1 && first.opens && !known.contains(first.folded.as_str());
    // In German every noun has a capital: one alone is a name only after a title.
    let noun = reading.language.code() == "de" && tokens.len() == 1
        || reading.language.code() == "de" && words.len() < 2 && !titled;
    let adverb = doubtful && first.folded.ends_with("ly");
    (!words.is_empty() && !adverb && !noun).then_some(Name { tokens, words, doubtful })
}

/// Whether two folded words of names are forms of the same: `Panther` and `Panthers`, `Scottish` and `Scotland`.
pub(super) fn same_word(one: &str, other: &str) -> bool {
    one == other || roots(one).any(|root| roots(other).any(|theirs| root == theirs))
}

/// A word, and what is left of it without the endings by which the name of a country becomes that of its people.
fn roots(word: &str) -> impl Iterator<Item = &str> {
    let endings =
        ["landers", "lander", "land", "ians", "ian", "ese", "ish", "ers", "ans", "an", "ia", "y", "s", "a"];
    let cut = move |ending: &str| word.strip_suffix(ending).filter(|root| root.chars().count() >= 3);
    std::iter::once(word).chain(endings.into_iter().filter_map(cut))
}

/// A folded word without its accents, or what it is another name for.
pub(super) fn canonical(word: &str) -> String {
    let word = &*without_accents(word);
    let row = SAME.iter().find(|words| words.split(' ').any(|known| known == word));
    row.and_then(|words| words.split(' ').next()).unwrap_or(word).to_owned()
}

pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

const TIES: &[&str] = &["of", "the", "de", "la", "le", "du", "des", "del", "von", "van", "der", "di", "da"];

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "lord",
    "lady",
    "president",
    "king",
    "queen",
    "prime",
    "minister",
    "premier",
    "senator",
    "governor",
    "general",
    "major",
    "captain",
    "colonel",
    "mayor",
    "reverend",
    "rev",
    "saint",
    "st",
    "frau",
    "herr",
    "herrn",
    "firma",
    "monsieur",
    "madame",
    "mme",
    "don",
    "doña",
    "señor",
    "señora",
    "signor",
    "signora",
    "dott",
];

/// Names that are said for one another; the first is compared.
const SAME: &[&str] = &[
    "america us usa american americans states united",
    "britain uk british kingdom",
    "spain spanish spaniard spaniards",
    "france french frenchman frenchmen",
    "germany german germans",
    "netherlands dutch dutchman",
    "denmark danish dane",
    "greece greek greeks",
    "switzerland swiss",
    "england english",
    "ireland irish",
    "scotland scottish scots scot",
    "eu european europe",
    "ussr soviet soviets",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::values::values;
    use pllm_text::Language;

    fn found(text: &str, language: &str) -> Vec<String> {
        let reading = Reading::of(text, Language::parse(language));
        let values = values(&reading);
        let known: HashSet<&str> = capitalised(&reading).collect();
        let names = names(&reading, &values, &known, &HashSet::new());
        names.iter().filter(|name| !name.doubtful).map(|name| name.words.join(" ")).collect()
    }

    #[test]
    fn names_are_runs_of_capitals() {
        let check = |text: &str, language: &str, expected: &[&str]| {
            assert_eq!(found(text, language), expected, "{text}");
        };
        check(
            "The chair is Dr. Anna Weber and Skelton & Daughters.",
            "en",
            &["anna weber", "skelton daughters"],
        );
        check("On Monday 3 March Lena left for Paris.", "en", &["lena", "paris"]);
        check("Researchers met W. Haydon Burns.", "en", &["haydon burns"]);
        check("Die Kaution zahlt Frau Ellersiek an die Sparbank.", "de", &["ellersiek"]);
    }

    #[test]
    fn one_name_is_said_for_another() {
        let check = |one: &str, other: &str, expected: bool| {
            let name = |words: &str| Name {
                tokens: 0..1,
                words: words.split(' ').map(canonical).collect(),
                doubtful: false,
            };
            assert_eq!(name(one).is(&name(other)), expected, "{one}, {other}");
        };
        check("weber", "anna weber", true);
        check("li hua", "lihua", true);
        check("scottish", "scotland", true);
        check("us", "american", true);
        check("anna weber", "anna schmidt", false);
        check("austria", "australia", false);
        check("köppen", "koppen", true);
        check("wwii", "world war ii", true);
    }
}
