//! Whether a sentence gives orders to a language model instead of telling its reader something.
//!
//! Each rule names what a text for people hardly ever says: to forget earlier instructions, to be another assistant, to
//! reply only with a word, to write a code, to change *your answer*; marks that belong to a chat template; words spoken to an AI. Plain
//! requests (`please send the form`, a recipe's steps) meet none of them.

mod orders;
mod phrases;

use pllm_text::{fold, words};

pub(super) use orders::is_code;

/// Whether `sentence`, of a document, addresses the model that reads it. Such a sentence is never evidence.
///
/// English, German, French, Spanish, Italian and Portuguese; the commonest forms also in Chinese, Japanese and Russian.
#[must_use]
pub fn addresses_a_model(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    if phrases::MARKS.iter().any(|mark| lower.contains(mark)) || unspaced(&lower) {
        return true;
    }
    let spoken = Spoken::of(sentence);
    RULES.iter().any(|rule| rule(&spoken))
}

type Rule = fn(&Spoken<'_>) -> bool;

const RULES: [Rule; 9] = [
    orders::forget,
    orders::only,
    orders::when_summarising,
    orders::your_answer,
    orders::be_another,
    orders::to_an_ai,
    orders::role_mark,
    orders::reveal,
    orders::write_a_code,
];

/// In scripts without spaces: a verb of forgetting with instructions, or an answer that is only one thing.
fn unspaced(lower: &str) -> bool {
    let pair = |(one, other): &(&str, &str)| lower.contains(one) && lower.contains(other);
    phrases::UNSPACED.iter().any(pair)
}

/// The words of a sentence.
struct Spoken<'a> {
    text: &'a str,
    words: Vec<String>,
    /// The same as they are written.
    written: Vec<&'a str>,
}

impl<'a> Spoken<'a> {
    fn of(text: &'a str) -> Self {
        let written: Vec<&str> = words(text).map(|word| word.text).collect();
        let words = written.iter().map(|word| fold(word).into_owned()).collect();
        Self { text, words, written }
    }

    /// Where words of the list `of` stand.
    fn places(&self, of: &'static str) -> impl Iterator<Item = usize> + '_ {
        (0..self.words.len()).filter(move |&at| is_one(&self.words[at], of))
    }

    /// Whether a word of `second` stands at most `within` words after one of `first`.
    fn then(&self, first: &'static str, second: &'static str, within: usize) -> bool {
        self.places(first).any(|at| self.following(at, within).any(|word| is_one(word, second)))
    }

    fn following(&self, at: usize, within: usize) -> impl Iterator<Item = &String> {
        self.words.iter().skip(at + 1).take(within)
    }

    /// Whether the words of `phrase` stand there one after the other.
    fn says(&self, phrase: &str) -> bool {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        self.words.windows(phrase.len()).any(|window| window == phrase)
    }

    /// What follows the word at `at`, up to the next blank.
    fn next_text(&self, at: usize) -> Option<&str> {
        let after = self.written[at].as_ptr() as usize - self.text.as_ptr() as usize + self.written[at].len();
        self.text[after..].split_whitespace().next()
    }

    /// Whether the word at `at` begins an order: first, or after a comma, `please`, `and` and the like.
    fn begins(&self, at: usize) -> bool {
        at == 0 || is_one(&self.words[at - 1], phrases::BEFORE_AN_ORDER) || {
            let start = self.written[at].as_ptr() as usize - self.text.as_ptr() as usize;
            self.text[..start]
                .trim_end()
                .ends_with([',', ';', ':', '.', '!', '-', '–', '—', '>', '*', '"', '(', '['])
        }
    }
}

/// Whether `word` is in a list of words that are parted by blanks.
fn is_one(word: &str, of: &str) -> bool {
    of.split_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests;
