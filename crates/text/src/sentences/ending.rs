//! Whether a sentence ends at an end mark.

use super::abbreviations::{Abbreviations, Class};
use super::following::{Following, Kind};
use super::marks::{self, MAX_QUOTATION, Mark, tail};
use super::speech;
use crate::function_words::is_function_word;
use crate::language::Language;
use crate::words::fold;

/// A run of end marks with the quotes and brackets that it closes, and the text around it.
#[derive(Debug)]
pub(super) struct Stop<'a> {
    mark: Mark,
    /// From the beginning of the sentence to the end marks.
    before: &'a str,
    closers: &'a str,
    /// From the closers to the end of the piece.
    after: &'a str,
    /// Where the closers end in the text.
    pub(super) end: usize,
}

impl<'a> Stop<'a> {
    /// The first run of end marks in `at..end`, for a sentence that begins at `start`.
    pub(super) fn find(text: &'a str, start: usize, at: usize, end: usize) -> Option<Self> {
        let mark_at = at + text[at..end].find(|c| marks::mark_of(c).is_some())?;
        let (length, mark) = marks::run(&text[mark_at..end]);
        let run_end = mark_at + length;
        let closers_end = run_end + marks::closers(&text[start..mark_at], &text[run_end..end]);
        Some(Self {
            mark: mark?,
            before: &text[start..mark_at],
            closers: &text[run_end..closers_end],
            after: &text[closers_end..end],
            end: closers_end,
        })
    }

    /// The word before the marks and the short abbreviations before it (`z. B` of `z. B.`), in text order.
    fn word(&self) -> &'a str {
        let window = tail(self.before, MAX_WORD);
        let cut = |c: char| {
            c.is_whitespace()
                || marks::opens_bracket(c)
                || marks::opens_quote(c)
                || marks::closes_quote(c)
                || marks::is_east_asian(c)
                || matches!(c, '–' | '—' | '/' | '¿' | '¡')
        };
        window.rsplit(cut).next().unwrap_or(window)
    }

    /// Whether a bracket is open that began inside the sentence and closes soon.
    fn is_inside_bracket(&self) -> bool {
        let window = tail(self.before, MAX_BRACKET);
        if !window.bytes().any(|b| matches!(b, b'(' | b'[' | b'{' | 0xE3 | 0xEF)) {
            return false; // the first bytes of every opening bracket
        }
        let mut depth = 0usize;
        for (at, c) in window.char_indices().rev() {
            if marks::closes_bracket(c) {
                depth += 1;
            } else if marks::opens_bracket(c) {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return self.before.len() > window.len() - at && self.bracket_closes(),
                }
            }
        }
        false
    }

    /// Whether a bracket that is open here closes soon, not counting those that open only later.
    fn bracket_closes(&self) -> bool {
        let mut depth = 0usize;
        for c in self.closers.chars().chain(self.after.chars().take(MAX_BRACKET)) {
            if marks::opens_bracket(c) {
                depth += 1;
            } else if marks::closes_bracket(c) {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return true,
                }
            }
        }
        false
    }

    /// The last quotation's first place in `before`, if the closers close one.
    fn quotation_start(&self) -> Option<usize> {
        let closing = self.closers.chars().find(|&c| marks::closes_quote(c))?;
        let window = tail(self.before, MAX_QUOTATION);
        let opens = |c: char| c == closing || (marks::opens_quote(c) && !matches!(c, '"' | '\''));
        window.rfind(opens).map(|at| self.before.len() - window.len() + at)
    }
}

/// How far back and ahead a decision looks, in bytes and characters.
const MAX_WORD: usize = 40;
const MAX_BRACKET: usize = 300;

/// The habits of one language.
#[derive(Debug)]
pub(super) struct Rules {
    language: Language,
    abbreviations: Abbreviations,
    /// A number with a full stop is an ordinal: `3. Oktober`.
    ordinals: bool,
}

impl Rules {
    pub(super) fn of(language: Language) -> Self {
        let ordinals = matches!(
            language.code(),
            "bs" | "cs"
                | "da"
                | "de"
                | "et"
                | "fi"
                | "hr"
                | "hu"
                | "is"
                | "lv"
                | "nb"
                | "nn"
                | "no"
                | "pl"
                | "sk"
                | "sl"
                | "sr"
                | "tr"
        );
        Self { language, abbreviations: Abbreviations::of(language), ordinals }
    }

    /// Whether a sentence ends at `stop`.
    pub(super) fn ends(&self, stop: &Stop) -> bool {
        let next = Following::of(stop.after);
        match next.kind {
            Kind::Nothing => return true,
            Kind::Comma => return false,
            _ if stop.is_inside_bracket() || self.speech_goes_on(stop, &next) => return false,
            _ => {}
        }
        match stop.mark {
            Mark::Always => true,
            // Text of separated words (`the flow . the wing`): there an abbreviation keeps its full stop.
            Mark::Dot if next.spaced && stop.before.ends_with(char::is_whitespace) => true,
            Mark::Exclamation => self.may_begin(stop, &next),
            Mark::Ellipsis => {
                self.may_begin(stop, &next)
                    && says_something(stop.before)
                    && !speech::goes_on_in_chinese(stop.after)
            }
            Mark::Dot => self.may_begin(stop, &next) && !self.is_abbreviation(stop, &next),
        }
    }

    /// Whether what follows can begin a sentence: it is not in lower case, and stands apart where the script asks it.
    fn may_begin(&self, stop: &Stop, next: &Following) -> bool {
        let east_asian = |c: Option<char>| c.is_some_and(marks::is_east_asian);
        let joined = match stop.mark {
            Mark::Dot => east_asian(stop.before.chars().next_back()) && east_asian(next.first),
            _ => east_asian(stop.before.chars().next_back()) || east_asian(next.first),
        };
        let apart = next.spaced || joined || stop.closers.ends_with(']');
        apart && next.kind != Kind::Lower
    }

    /// Whether the closers close a quotation whose sentence is not over.
    fn speech_goes_on(&self, stop: &Stop, next: &Following) -> bool {
        if next.kind == Kind::Lower && next.opens_with_dash() {
            return true;
        }
        let Some(start) = stop.quotation_start() else {
            return false;
        };
        let introduction = stop.before[..start].trim_end();
        let after = stop.after.trim_start();
        let east_asian = !next.spaced && next.first.is_some_and(marks::is_east_asian);
        if east_asian && (speech::continues_with_particle(after) || next.first.is_some_and(is_joining)) {
            return true;
        }
        if introduction.is_empty() {
            return speech::names_speaker(after);
        }
        let introduces = |c: char| matches!(c, ':' | '：' | ',' | '，' | '、') || marks::mark_of(c).is_some();
        east_asian && self.language.code() == "zh" && !introduction.ends_with(introduces)
    }

    /// Whether the full stop belongs to the word before it and the sentence goes on.
    fn is_abbreviation(&self, stop: &Stop, next: &Following) -> bool {
        let word = stop.word();
        let begins = self.begins_sentence(next);
        if word.len() == stop.before.len() && is_list_number(word) && stop.closers.is_empty() {
            return true;
        }
        if self.abbreviations.is_first_part(word, next.word) {
            return true;
        }
        match self.abbreviations.class(stop.before, word) {
            Some(Class::Inside) => true,
            Some(Class::BeforeNumber) if next.kind == Kind::Digit || self.is_number_word(next.word) => true,
            Some(Class::Either) => !begins,
            Some(Class::Last) => next.kind == Kind::Digit || self.abbreviations.follows_time(word, next.word),
            Some(Class::BeforeNumber) | None => self.looks_abbreviated(stop.before, word, next) && !begins,
        }
    }

    /// Whether a word that no list has looks like an abbreviation: an initial, letters with dots, no vowel, an ordinal.
    fn looks_abbreviated(&self, before: &str, word: &str, next: &Following) -> bool {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
            let is_reference = before[..before.len() - word.len()].trim_end().ends_with('.'); // `Abb. 4.`
            return self.ordinals && word.len() <= 2 && !is_reference;
        }
        if word.chars().count() == 1 && letters == 1 {
            return !(next.kind != Kind::Digit && is_unit(before, word));
        }
        is_dotted(word)
            || (self.ordinals && is_roman(word))
            || (letters == word.chars().count() && has_no_vowel(word))
    }

    /// A Roman number; the English `I` is rather a pronoun.
    fn is_number_word(&self, word: &str) -> bool {
        is_roman(word) && !(word == "I" && self.language == Language::ENGLISH)
    }

    /// Whether the next word is one that mostly stands in lower case, so that its capital begins a sentence.
    fn begins_sentence(&self, next: &Following) -> bool {
        if next.kind != Kind::Upper || next.is_initial {
            return false;
        }
        let word = fold(next.word);
        is_function_word(&word, self.language) || self.abbreviations.is_opener(&word)
    }
}

/// Whether the words before an ellipsis are more than hesitation.
fn says_something(before: &str) -> bool {
    let before = tail(before, MAX_BRACKET);
    let east_asian = before.chars().filter(|&c| marks::is_east_asian(c)).take(4).count() == 4;
    east_asian
        || before.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).take(2).count() == 2
}

/// Signs that go on with a Chinese or Japanese sentence after a closing quote.
fn is_joining(c: char) -> bool {
    matches!(c, '、' | '，' | '。' | '—' | '…' | '」' | '』')
}

/// `1`, `12`, `3.2`, `IV`, `a`: a number that a list item or heading begins with.
fn is_list_number(word: &str) -> bool {
    let numeric =
        word.len() <= 8 && word.split('.').all(|part| (1..=3).contains(&part.len()) && is_number(part));
    numeric || is_roman(word) || (word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_roman(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 8
        && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'М' | 'M'))
}

/// A unit after a number at the end of something: `5 м.`, `XIX в.`, `9 h.` At the beginning (`В 1903 г. Ленин`) more follows.
fn is_unit(before: &str, letter: &str) -> bool {
    let mut words = tail(&before[..before.len() - letter.len()], MAX_WORD).split_whitespace().rev();
    let counts =
        words.next().is_some_and(|word| is_roman(word) || word.ends_with(|c: char| c.is_ascii_digit()));
    counts && "fghlmstvвгклмрстч".contains(letter) && words.nth(1).is_some()
}

/// `U.S`, `S.p.A`, `J.-C`, `т.е`: short parts with dots between them.
fn is_dotted(word: &str) -> bool {
    let is_short =
        |part: &str| part.chars().count() <= 2 && part.chars().all(char::is_alphabetic) && !part.is_empty();
    word.contains('.') && word.split('.').all(|part| is_short(part.trim_start_matches('-')))
}

/// Lower-case letters without a vowel, as in `bldg`, `стр`; capitals are a word of their own (`TV`).
fn has_no_vowel(word: &str) -> bool {
    let length = word.chars().count();
    let lower = word.chars().skip(1).all(char::is_lowercase);
    (2..=5).contains(&length) && lower && !word.chars().any(is_vowel) && word.chars().all(has_case)
}

fn has_case(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase()
}

fn is_vowel(c: char) -> bool {
    let plain = crate::words::without_accents(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c);
    "aeiouyаеиоуыэюяієї".contains(plain.to_lowercase().next().unwrap_or(plain))
}
