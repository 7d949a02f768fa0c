//! The passages, read for the check: their words, values and names, without the sentences that give orders to a model.

use std::collections::{HashMap, HashSet};

use pllm_text::{ByteRange, Language, detect};

use super::addressed::addresses_a_model;
use super::names::{Name, canonical, capitalised, names};
use super::reading::Reading;
use super::values::{Value, ValueKind, values};

/// All passages of an answer.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    pub(super) passages: Vec<Passage<'a>>,
    /// In how many sentences each stem stands.
    frequencies: HashMap<String, usize>,
    sentences: usize,
    /// Of most of the text.
    pub(super) language: Language,
}

/// One passage.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) values: Vec<Value>,
    pub(super) names: Vec<Name>,
    /// For each sentence, whether it gives orders to a model: then it is never evidence.
    pub(super) orders: Vec<bool>,
    /// For each sentence, the last one before it that is a short line with a date: an entry of a diary, a message, minutes.
    pub(super) heads: Vec<Option<usize>>,
    /// For each sentence, whether it goes on with the one before: it begins with a pronoun.
    pub(super) carried: Vec<bool>,
    /// For each sentence, the first one of its paragraph or list item.
    leads: Vec<usize>,
    /// Tokens that may stand for a name of an earlier sentence, with their sentences.
    pronouns: Vec<(usize, usize)>,
}

impl<'a> Sources<'a> {
    pub(super) fn read(passages: &[&'a str]) -> Self {
        let language = detect(&passages.join("\n")).language.unwrap_or(Language::ENGLISH);
        let of = |text: &str| detect(text);
        let readings: Vec<Reading<'a>> = passages
            .iter()
            .map(|text| {
                let own = of(text);
                Reading::of(text, own.language.filter(|_| own.reliable).or(Some(language)))
            })
            .collect();
        let tokens = || readings.iter().flat_map(|reading| &reading.tokens);
        let known: HashSet<&str> = readings.iter().flat_map(|reading| capitalised(reading)).collect();
        let small: HashSet<&str> =
            tokens().filter(|token| !token.capital).map(|token| token.folded.as_str()).collect();
        let found: Vec<(Vec<Value>, Vec<Name>)> = readings
            .iter()
            .map(|reading| {
                let values = values(reading);
                let names = names(reading, &values, &known, &small);
                (values, names)
            })
            .collect();
        let passages = readings
            .into_iter()
            .zip(found)
            .map(|(reading, (values, names))| {
                let text = |range: &ByteRange| range.slice(reading.text).unwrap_or_default();
                let orders = reading.sentences.iter().map(|range| addresses_a_model(text(range))).collect();
                Passage {
                    heads: heads(&reading, &values),
                    carried: carried(&reading),
                    leads: leads(&reading),
                    pronouns: pronouns(&reading, &names),
                    orders,
                    reading,
                    values,
                    names,
                }
            })
            .collect();
        Self::counted(passages, language)
    }

    fn counted(passages: Vec<Passage<'a>>, language: Language) -> Self {
        let mut frequencies: HashMap<String, usize> = HashMap::new();
        let mut sentences = 0;
        for passage in &passages {
            sentences += passage.reading.sentences.len();
            let stems: HashSet<(usize, &str)> =
                passage.reading.tokens.iter().map(|token| (token.sentence, token.stem.as_str())).collect();
            for (_, stem) in stems {
                *frequencies.entry(stem.to_owned()).or_default() += 1;
            }
        }
        Self { passages, frequencies, sentences, language }
    }

    /// How telling a stem is: 1 for one that every sentence has, more the fewer have it.
    pub(super) fn weight(&self, stem: &str) -> f64 {
        let having = self.frequencies.get(stem).copied().unwrap_or(0) as f64;
        (1.0 + (self.sentences as f64 + 1.0) / (having + 1.0)).ln().max(0.7)
    }

    /// Whether `lower` stands, in small letters, in a sentence that gives orders, or in one that does not.
    pub(super) fn stands(&self, lower: &str, in_orders: bool) -> bool {
        self.passages.iter().any(|passage| {
            let sentences = passage.reading.sentences.iter().zip(&passage.orders);
            let mut texts = sentences
                .filter(|(_, orders)| **orders == in_orders)
                .filter_map(|(range, _)| range.slice(passage.reading.text));
            texts.any(|text| text.to_lowercase().contains(lower))
        })
    }

    /// Whether any sentence gives orders.
    pub(super) fn have_orders(&self) -> bool {
        self.passages.iter().any(|passage| passage.orders.contains(&true))
    }

    /// All names of all passages.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        self.passages.iter().flat_map(|passage| &passage.names)
    }

    /// Words that also stand without a capital.
    pub(super) fn small(&self) -> HashSet<&str> {
        let tokens = self.passages.iter().flat_map(|passage| &passage.reading.tokens);
        tokens.filter(|token| !token.capital).map(|token| token.folded.as_str()).collect()
    }

    /// Words of names.
    pub(super) fn known(&self) -> HashSet<&str> {
        self.passages.iter().flat_map(|passage| capitalised(&passage.reading)).collect()
    }
}

impl Passage<'_> {
    /// Whether the sentence of the token at `index` may be evidence.
    pub(super) fn counts(&self, index: usize) -> bool {
        let sentence = self.reading.tokens.get(index).map_or(0, |token| token.sentence);
        !self.orders.get(sentence).copied().unwrap_or(false)
    }

    /// Whether `word` of a name stands here, in a sentence for which `counts` says that it may.
    pub(super) fn has_word(&self, word: &str, counts: bool) -> bool {
        let same = |folded: &str| super::names::same_word(&canonical(folded), word);
        let tokens = &self.reading.tokens;
        (0..tokens.len())
            .any(|at| self.counts(at) == counts && (same(&tokens[at].folded) || self.spells(at, word)))
            || self
                .names
                .iter()
                .any(|name| self.counts(name.tokens.start) == counts && name.words.concat() == word)
    }

    /// Whether the first letters of the words from `at` on are `word`: `gdp` for `gross domestic product`, also `U.S.`.
    fn spells(&self, at: usize, word: &str) -> bool {
        let letters: Vec<char> = word.chars().collect();
        if word == "america" && self.reading.word(at) == "u" && self.reading.word(at + 1) == "s" {
            return true;
        }
        (2..=6).contains(&letters.len())
            && letters
                .iter()
                .enumerate()
                .all(|(ahead, letter)| self.reading.word(at + ahead).starts_with(*letter))
    }
}

/// A place of a passage where a name is meant: itself, or a pronoun for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention<'a> {
    pub(super) name: &'a Name,
    pub(super) token: usize,
    /// 1 for the name itself.
    pub(super) strength: f64,
}

impl<'a> Passage<'a> {
    /// Every place where a name stands or is probably meant.
    pub(super) fn mentions(&self) -> impl Iterator<Item = Mention<'_>> {
        let real = self.names.iter().map(|name| Mention { name, token: name.tokens.start, strength: 1.0 });
        let meant = self.pronouns.iter().flat_map(|&(token, sentence)| self.antecedents(token, sentence));
        let elsewhere = meant.chain(self.speakers()).chain(self.topic());
        // What only an order names is meant nowhere else.
        real.chain(elsewhere.filter(|mention| self.counts(mention.name.tokens.start)))
    }

    /// Whoever speaks, in each sentence after `Name:` up to the next speaker.
    fn speakers(&self) -> impl Iterator<Item = Mention<'_>> {
        let speaks = |name: &&Name| {
            let first = self.reading.tokens.get(name.tokens.start);
            let colon = self.reading.after(name.tokens.end - 1).starts_with(':')
                || self.reading.after(name.tokens.end).starts_with(':')
                    && self.reading.gap(name.tokens.end) == "-";
            colon && first.is_some_and(|token| token.opens)
        };
        let speakers: Vec<&Name> = self.names.iter().filter(speaks).collect();
        self.firsts().filter_map(move |token| {
            let name = speakers.iter().rev().find(|name| name.tokens.start < token)?;
            Some(Mention { name, token, strength: 0.95 })
        })
    }

    /// What the passage names first, and what the first sentence of each paragraph names, in each sentence after it.
    fn topic(&self) -> impl Iterator<Item = Mention<'_>> {
        let first = self.names.first();
        let sentence = |token: usize| self.reading.tokens.get(token).map_or(0, |token| token.sentence);
        let short = move |of: usize| {
            self.reading.tokens.iter().filter(|token| token.sentence == of).count() <= MAX_HEAD
        };
        self.firsts().flat_map(move |token| {
            let lead = self.leads[sentence(token)];
            let leading = self.names.iter().filter(move |name| {
                lead < sentence(token) && sentence(name.tokens.start) == lead && short(lead)
            });
            let of_text = first.map(|name| Mention { name, token, strength: 0.75 });
            of_text.into_iter().chain(leading.map(move |name| Mention { name, token, strength: 0.8 }))
        })
    }

    /// The first token of each sentence but the first.
    fn firsts(&self) -> impl Iterator<Item = usize> {
        let tokens = &self.reading.tokens;
        (1..tokens.len()).filter(|&at| tokens[at].sentence != tokens[at - 1].sentence)
    }

    /// The names that a pronoun may stand for: of the sentence before, and the first name of the passage.
    fn antecedents(&self, token: usize, sentence: usize) -> impl Iterator<Item = Mention<'_>> {
        let of = |name: &Name| self.reading.tokens.get(name.tokens.start).map_or(0, |token| token.sentence);
        let before = (sentence.saturating_sub(3)..sentence)
            .rev()
            .find(|&earlier| self.names.iter().any(|name| of(name) == earlier));
        let topic = self.names.first();
        self.names.iter().filter(move |name| of(name) < sentence).filter_map(move |name| {
            let near = before == Some(of(name));
            let first = near
                && !self
                    .names
                    .iter()
                    .any(|other| of(other) == of(name) && other.tokens.start < name.tokens.start);
            let strength =
                match (first, near, topic.is_some_and(|topic| std::ptr::eq(topic, name) || topic.is(name))) {
                    (true, ..) => 0.9,
                    (_, _, true) => 0.8,
                    (_, true, _) => 0.6,
                    _ => return None,
                };
            Some(Mention { name, token, strength })
        })
    }
}

/// The first pronoun of each sentence that may stand for a name, or the first word of a sentence without any name.
fn pronouns(reading: &Reading<'_>, names: &[Name]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, token) in reading.tokens.iter().enumerate() {
        let nameless = token.opens
            && !names.iter().any(|name| {
                reading.tokens.get(name.tokens.start).is_some_and(|first| first.sentence == token.sentence)
            });
        let known = found.last().is_some_and(|(_, sentence)| *sentence == token.sentence);
        if !known && (PRONOUNS.contains(&token.folded.as_str()) || nameless) {
            found.push((at, token.sentence));
        }
    }
    found
}

const PRONOUNS: &[&str] = &[
    "he", "she", "it", "they", "his", "her", "its", "their", "him", "them", "who", "i", "we", "our", "my",
    "er", "sie", "ihr", "ihre", "ihrer", "ihrem", "sein", "seine", "seiner", "seinem", "ihm", "ihn", "il",
    "elle", "ils", "elles", "son", "sa", "ses", "él", "ella", "ellos", "su", "sus", "lui", "lei", "suo",
    "sua", "loro",
];

/// See [`Passage::leads`].
fn leads(reading: &Reading<'_>) -> Vec<usize> {
    let mut leads: Vec<usize> = Vec::with_capacity(reading.sentences.len());
    for (at, sentence) in reading.sentences.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| reading.sentences.get(before));
        let gap =
            before.map_or("", |before| reading.text.get(before.end()..sentence.start()).unwrap_or_default());
        let text = sentence.slice(reading.text).unwrap_or_default();
        let item = gap.contains('\n') && text.starts_with(['-', '*', '#', '|', '•', '→']);
        let lead = leads.last().copied().filter(|_| !item && !gap.contains("\n\n"));
        leads.push(lead.unwrap_or(at));
    }
    leads
}

/// See [`Passage::carried`].
fn carried(reading: &Reading<'_>) -> Vec<bool> {
    let mut carried = vec![false; reading.sentences.len()];
    for token in reading.tokens.iter().filter(|token| token.opens) {
        let word = token.folded.as_str();
        carried[token.sentence] |=
            PRONOUNS.contains(&word) && word != "i" && word != "we" || THIS.contains(&word);
    }
    carried
}

const THIS: &[&str] = &[
    "this", "these", "that", "those", "such", "dies", "diese", "dieser", "dieses", "ce", "cette", "ces",
    "cela", "este", "esta", "esto", "estos", "questo", "questa",
];

/// See [`Passage::heads`].
fn heads(reading: &Reading<'_>, values: &[Value]) -> Vec<Option<usize>> {
    let mut lengths = vec![0_usize; reading.sentences.len()];
    for token in &reading.tokens {
        lengths[token.sentence] += 1;
    }
    let mut dated = vec![false; lengths.len()];
    for value in values.iter().filter(|value| matches!(value.kind, ValueKind::Date(_))) {
        let sentence = reading.tokens[value.tokens.start].sentence;
        dated[sentence] = lengths[sentence] <= MAX_HEAD;
    }
    let mut head = None;
    (0..lengths.len())
        .map(|sentence| {
            let before = head;
            head = if dated[sentence] { Some(sentence) } else { head };
            before
        })
        .collect()
}

/// The most words of a line that dates what follows.
const MAX_HEAD: usize = 7;
