//! The words of a text as the check compares them: stems, sentences, clauses, capitals.

use pllm_text::{
    ByteRange, Language, detect, fold, is_function_word, sentences, stem, without_accents, words,
};

/// A text, read once.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) text: &'a str,
    pub(super) language: Language,
    pub(super) tokens: Vec<Token>,
    /// Trimmed, in order; see [`pllm_text::sentences()`].
    pub(super) sentences: Vec<ByteRange>,
}

/// A word of a text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) range: ByteRange,
    /// As [`fold`] gives it.
    pub(super) folded: String,
    /// What is left without its ending and its accents: what is compared.
    pub(super) stem: String,
    /// Whether it begins with a capital letter.
    pub(super) capital: bool,
    /// Whether it only ties others together.
    pub(super) function: bool,
    /// Its sentence, counted from 0.
    pub(super) sentence: usize,
    /// Its clause, counted from 0 through the whole text.
    pub(super) clause: usize,
    /// Whether no word of its sentence stands before it, or only a quotation or a colon does.
    pub(super) opens: bool,
}

impl<'a> Reading<'a> {
    /// Reads `text`, in `language` if that is known.
    pub(super) fn of(text: &'a str, language: Option<Language>) -> Self {
        let language = language.or_else(|| detect(text).language).unwrap_or(Language::ENGLISH);
        let sentences = sentences(text, Some(language));
        let mut reading = Self { text, language, tokens: Vec::new(), sentences };
        reading.tokens = reading.read_tokens();
        reading
    }

    fn read_tokens(&self) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut sentence = 0;
        let mut clause = 0;
        for word in words(self.text) {
            let before = sentence;
            while self.sentences.get(sentence + 1).is_some_and(|next| next.start() <= word.range.start()) {
                sentence += 1;
            }
            let gap_start = tokens.last().map_or(0, |last| last.range.end());
            let gap = self.text.get(gap_start..word.range.start()).unwrap_or_default();
            let first = tokens.is_empty() || sentence != before;
            let folded = fold(word.text).into_owned();
            clause +=
                usize::from(first || gap.contains(CLAUSE_SIGNS) || CLAUSE_WORDS.contains(&folded.as_str()));
            tokens.push(Token {
                range: word.range,
                stem: without_accents(&stem(&folded, self.language)).into_owned(),
                capital: word.text.starts_with(char::is_uppercase),
                function: is_function_word(&folded, self.language),
                folded,
                sentence,
                clause,
                opens: first || gap.contains(OPENING_SIGNS),
            });
        }
        tokens
    }

    /// The text between two neighbouring words; empty at both ends.
    pub(super) fn gap(&self, before: usize) -> &'a str {
        match (self.tokens.get(before.wrapping_sub(1)), self.tokens.get(before)) {
            (Some(left), Some(right)) => {
                self.text.get(left.range.end()..right.range.start()).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The text after the word at `index` up to the next one, or to the end.
    pub(super) fn after(&self, index: usize) -> &'a str {
        let start = self.tokens.get(index).map_or(self.text.len(), |token| token.range.end());
        let end = self.tokens.get(index + 1).map_or(self.text.len(), |token| token.range.start());
        self.text.get(start..end).unwrap_or_default()
    }

    /// The text before the word at `index` back to the one before, or to the start.
    pub(super) fn before(&self, index: usize) -> &'a str {
        let start =
            index.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.range.end());
        let end = self.tokens.get(index).map_or(start, |token| token.range.start());
        self.text.get(start..end).unwrap_or_default()
    }

    /// The folded word at `index`; empty past the end.
    pub(super) fn word(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &token.folded)
    }

    /// The word at `index` as it is written.
    pub(super) fn written(&self, index: usize) -> &'a str {
        self.tokens.get(index).and_then(|token| token.range.slice(self.text)).unwrap_or_default()
    }
}

const CLAUSE_SIGNS: [char; 8] = [',', ';', ':', '(', ')', '—', '–', '|'];
const OPENING_SIGNS: [char; 8] = [':', '"', '“', '„', '«', '‘', '|', '*'];

/// Words that begin a clause of its own.
const CLAUSE_WORDS: &[&str] = &[
    "but", "while", "whereas", "although", "aber", "während", "obwohl", "mais", "tandis", "pero", "mientras",
    "ma", "mentre",
];
