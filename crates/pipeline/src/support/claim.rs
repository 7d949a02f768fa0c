//! A generated sentence, read for the check: its telling words, values and names, and where each stands in the passages.

use std::collections::HashSet;
use std::ops::Range;

use super::names::{Name, names};
use super::reading::{Reading, Token};
use super::source::{Passage, Sources};
use super::values::{Fit, Value, fit, values};

/// A generated sentence.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) values: Vec<Value>,
    pub(super) names: Vec<Name>,
    pub(super) terms: Vec<Term>,
}

/// What of a claim is looked for in the passages.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) tokens: Range<usize>,
    pub(super) kind: TermKind,
    pub(super) weight: f64,
    /// Whether the question has it too: then it is no support by itself.
    pub(super) asked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermKind {
    Word,
    /// By its place in [`Claim::values`].
    Value(usize),
    /// By its place in [`Claim::names`].
    Name(usize),
}

/// A term of a claim at a token of a passage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) term: usize,
    pub(super) token: usize,
    /// 1 for the term itself, less for what stands for it: a pronoun, a word with the same beginning.
    pub(super) strength: f64,
}

impl<'a> Claim<'a> {
    pub(super) fn read(plain: &'a str, question: &Reading<'_>, sources: &Sources<'_>) -> Self {
        let reading = Reading::of(plain, Some(sources.language));
        let values = values(&reading);
        let mut names = names(&reading, &values, &sources.known(), &sources.small());
        names.retain(|name| !name.doubtful || sources.names().any(|theirs| theirs.is(name)));
        let terms = terms(&reading, &values, &names, question, sources);
        Self { reading, values, names, terms }
    }

    /// Every place of `passage` where a term stands, in the sentences that may be evidence or, if `in_orders`, in the others.
    pub(super) fn hits(&self, passage: &Passage<'_>, in_orders: bool) -> Vec<Hit> {
        let compounds = matches!(passage.reading.language.code(), "de" | "nl" | "da" | "sv" | "nb");
        let mut hits = Vec::new();
        for (term, of) in self.terms.iter().enumerate() {
            match of.kind {
                TermKind::Word => {
                    let word = &self.reading.tokens[of.tokens.start];
                    hits.extend(passage.reading.tokens.iter().enumerate().filter_map(|(token, theirs)| {
                        let strength = likeness(word, theirs, compounds);
                        (strength > 0.0).then_some(Hit { term, token, strength })
                    }));
                }
                TermKind::Value(value) => {
                    let same = passage
                        .values
                        .iter()
                        .filter(|theirs| fit(self.values[value].kind, theirs.kind) == Fit::Same);
                    hits.extend(same.map(|theirs| Hit { term, token: theirs.tokens.start, strength: 1.0 }));
                }
                TermKind::Name(name) => hits.extend(
                    passage
                        .mentions()
                        .filter(|mention| {
                            self.names[name].is(mention.name) || self.names[name].touches(mention.name)
                        })
                        .map(|mention| Hit { term, token: mention.token, strength: mention.strength }),
                ),
            }
        }
        hits.retain(|hit| passage.counts(hit.token) != in_orders);
        hits
    }
}

fn terms(
    reading: &Reading<'_>,
    values: &[Value],
    names: &[Name],
    question: &Reading<'_>,
    sources: &Sources<'_>,
) -> Vec<Term> {
    let asked: HashSet<&str> = question.tokens.iter().map(|token| token.stem.as_str()).collect();
    let mut terms = Vec::new();
    let of_values =
        values.iter().enumerate().map(|(at, value)| (value.tokens.clone(), TermKind::Value(at), 2.0));
    let of_names = names.iter().enumerate().map(|(at, name)| {
        let weights = reading.tokens[name.tokens.clone()].iter().map(|token| sources.weight(&token.stem));
        (name.tokens.clone(), TermKind::Name(at), weights.fold(2.0, f64::max))
    });
    let slots: Vec<(Range<usize>, TermKind, f64)> = of_values.chain(of_names).collect();
    for (at, token) in reading.tokens.iter().enumerate() {
        if !token.function && !slots.iter().any(|(tokens, ..)| tokens.contains(&at)) {
            let asked = asked.contains(token.stem.as_str());
            terms.push(Term {
                tokens: at..at + 1,
                kind: TermKind::Word,
                weight: sources.weight(&token.stem),
                asked,
            });
        }
    }
    terms.extend(slots.into_iter().map(|(tokens, kind, weight)| {
        let asked = reading.tokens[tokens.clone()].iter().all(|token| asked.contains(token.stem.as_str()));
        Term { tokens, kind, weight, asked }
    }));
    terms
}

/// 1 for words of one stem, less for words that are probably of one family, 0 for others.
fn likeness(one: &Token, other: &Token, compounds: bool) -> f64 {
    if one.stem == other.stem {
        return 1.0;
    }
    let (one, other) = (one.stem.as_str(), other.stem.as_str());
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let (short, long) =
        (one.chars().count().min(other.chars().count()), one.chars().count().max(other.chars().count()));
    let beginning =
        common >= 5 && common * 3 >= long * 2 || common >= 4 && common == short && long <= short + 3;
    // A compound's head or first part: `Mietvertrag` and `Vertrag`.
    let part = short >= 5 && (one.contains(other) || other.contains(one)) || common >= 5;
    if beginning || compounds && part { 0.7 } else { 0.0 }
}
