//! Which sentences of numbered passages support each sentence that a language model wrote over them, and which support none.
//!
//! No model and no IO: words, numbers, units, dates, names and negations are compared. What a model says about its own sources
//! (`[2]`) is not read. A sentence is supported when its words stand in few sentences of the passages, and every number,
//! date and name stands where these speak of the same thing.
//!
//! The rules, and how well they do: `docs/benchmarks.md`, *the support check*.
//! - A value or name competes with the others of its kind by the words of the claim around it (`rivals`, `naming`).
//! - Numbers are read in figures and words, with units converted; dates in every common form and grain (`values`, `dates`).
//! - What a number counts speaks for it; `two` may only say how many things are named; a fraction may be left out (`counted`).
//! - A name may be said by a part, an acronym, a pronoun after it, whoever speaks, or the short head of its paragraph (`source`).
//! - A sentence that begins with a pronoun goes on with the one before it, and a dated line is the date of what follows.
//! - A denial counts if the same word is denied on one side only and neither denies by another word (`negation`).

mod addressed;
mod claim;
mod claims;
mod counted;
mod dates;
mod evidence;
mod names;
mod naming;
mod negation;
mod no_claim;
mod number_words;
mod planted;
mod reading;
mod rivals;
mod source;
mod units;
mod values;

use pllm_text::ByteRange;

pub use addressed::addresses_a_model;

use claim::{Claim, Hit, TermKind};
use claims::Sentence;
use evidence::Support;
use reading::Reading;
use rivals::Standing;
use source::Sources;
use values::ValueKind;

/// A sentence of generated text, and what the passages say to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedSentence {
    /// Its bytes in the generated text, trimmed.
    pub range: ByteRange,
    /// Whether it may be shown, and how.
    pub verdict: Verdict,
    /// The sentences that support it, the best first; of an unsupported one, those that come nearest.
    pub evidence: Vec<Evidence>,
}

/// What becomes of a generated sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The passages say so.
    Supported,
    /// They do not: to be marked, with the reasons.
    Unsupported(Vec<Fault>),
    /// It says nothing that could be checked: a heading, a transition, "the passages do not say".
    NoClaim,
    /// It rests on text that addresses the model, or carries an address from nowhere: not to be shown.
    Withheld,
}

/// Where a passage supports a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The passage, counted from 0.
    pub passage: usize,
    /// A sentence of it in bytes, trimmed, never blank.
    pub range: ByteRange,
}

/// Something in a generated sentence that the passages do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The words concerned, in bytes of the generated text.
    pub range: ByteRange,
}

/// What kind of thing is not in the passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FaultKind {
    /// A number, or it stands there for something else.
    Number,
    /// The number stands there with another unit.
    Unit,
    /// A date or time of day.
    Date,
    /// A name.
    Name,
    /// A value stands there in the place of another one of the sentence.
    Role,
    /// The passages say the opposite.
    Negation,
    /// The passages speak of something else.
    NoEvidence,
}

impl FaultKind {
    /// What is not there, in a word for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Unit => "unit",
            Self::Date => "date",
            Self::Name => "name",
            Self::Role => "role",
            Self::Negation => "negation",
            Self::NoEvidence => "evidence",
        }
    }
}

/// The share of a sentence's weight that its evidence must have.
const LEAST_SHARE: f64 = 0.3;
/// How much better the passages must agree with a sentence in which two things changed places.
const SWAP: f64 = 1.03;

/// Checks `generated`, an answer to `question` over `passages`, sentence by sentence, in order.
///
/// Deterministic; linear in the passages for each sentence, under a millisecond for usual lengths.
#[must_use]
pub fn check(question: &str, generated: &str, passages: &[&str]) -> Vec<CheckedSentence> {
    let sources = Sources::read(passages);
    let language = Some(sources.language);
    let checked = Checked { question, asked: Reading::of(question, language), generated, sources };
    claims::split(generated, language).iter().map(|sentence| checked.judge(sentence)).collect()
}

/// What an answer is checked against.
struct Checked<'a> {
    question: &'a str,
    asked: Reading<'a>,
    generated: &'a str,
    sources: Sources<'a>,
}

impl Checked<'_> {
    fn judge(&self, sentence: &Sentence) -> CheckedSentence {
        let claim = Claim::read(&sentence.plain, &self.asked, &self.sources);
        let raw = sentence.range.slice(self.generated).unwrap_or_default();
        let hits = self.hits(&claim, false);
        let copied = evidence::copied(raw, &self.sources);
        let (verdict, support) = if copied.is_empty() || claim.reading.tokens.is_empty() {
            let support = evidence::support(&claim, &self.sources, &hits);
            (self.verdict(sentence, &claim, &hits, &support), support)
        } else {
            (Verdict::Supported, Support { sentences: copied, share: 1.0 })
        };
        let range = |&place: &(usize, usize)| {
            Some(Evidence { passage: place.0, range: evidence::range(&self.sources, place)? })
        };
        let evidence = match verdict {
            Verdict::Supported | Verdict::Unsupported(_) => {
                support.sentences.iter().filter_map(range).collect()
            }
            Verdict::NoClaim | Verdict::Withheld => Vec::new(),
        };
        CheckedSentence { range: sentence.range, verdict, evidence }
    }

    fn verdict(
        &self,
        sentence: &Sentence,
        claim: &Claim<'_>,
        hits: &rivals::Hits,
        support: &Support,
    ) -> Verdict {
        let raw = sentence.range.slice(self.generated).unwrap_or_default();
        if planted::is_planted(raw, self.question, &self.sources) {
            return Verdict::Withheld;
        }
        if sentence.heading || no_claim::claims_nothing(claim) {
            return Verdict::NoClaim;
        }
        let mut faults = faults(claim, &self.sources, hits);
        let denied = negation::contradicted(claim, &self.sources, hits, support);
        if let Some(token) = denied.and_then(|at| claim.reading.tokens.get(at)) {
            faults.push(Fault { kind: FaultKind::Negation, range: token.range });
        }
        if support.share < LEAST_SHARE {
            faults
                .push(Fault { kind: FaultKind::NoEvidence, range: ByteRange::new(0, sentence.range.len()) });
        }
        if self.rests_on_orders(raw, claim, support, !faults.is_empty()) {
            return Verdict::Withheld;
        }
        for fault in &mut faults {
            fault.range = fault.range.shift(sentence.range.start());
        }
        if faults.is_empty() { Verdict::Supported } else { Verdict::Unsupported(faults) }
    }

    /// Whether the sentence says more of what sentences with orders say than of the others, or is such an order itself.
    fn rests_on_orders(&self, raw: &str, claim: &Claim<'_>, support: &Support, faulty: bool) -> bool {
        if !faulty || !self.sources.have_orders() {
            return false;
        }
        let ordered = evidence::support(claim, &self.sources, &self.hits(claim, true));
        addresses_a_model(raw) || ordered.share > support.share
    }

    fn hits(&self, claim: &Claim<'_>, in_orders: bool) -> Vec<Vec<Hit>> {
        self.sources.passages.iter().map(|passage| claim.hits(passage, in_orders)).collect()
    }
}

/// What of the claim does not stand where it should, in ranges of the sentence.
fn faults(claim: &Claim<'_>, sources: &Sources<'_>, hits: &rivals::Hits) -> Vec<Fault> {
    let range = |tokens: &std::ops::Range<usize>| {
        let of = |at: usize| claim.reading.tokens.get(at).map(|token| token.range);
        let (first, last) = (of(tokens.start), of(tokens.end - 1));
        first
            .zip(last)
            .map_or(ByteRange::new(0, 0), |(first, last)| ByteRange::new(first.start(), last.end()))
    };
    let mut faults = Vec::new();
    for (at, value) in claim.values.iter().enumerate() {
        let kind = match (rivals::value(claim, sources, hits, at), value.kind) {
            (Standing::Stands, _) => continue,
            (Standing::OtherUnit, _) => FaultKind::Unit,
            (Standing::Missing, ValueKind::Number(number))
                if number.weak || counted::only_lists(claim, sources, number, &value.tokens) =>
            {
                continue;
            }
            (Standing::Missing, ValueKind::Number(_)) => FaultKind::Number,
            (Standing::Missing, _) => FaultKind::Date,
        };
        faults.push(Fault { kind, range: range(&value.tokens) });
    }
    for (at, name) in claim.names.iter().enumerate() {
        if naming::name(claim, sources, hits, at) == Standing::Missing {
            faults.push(Fault { kind: FaultKind::Name, range: range(&name.tokens) });
        }
    }
    if faults.is_empty() {
        faults.extend(
            exchanged(claim, sources, hits)
                .map(|term| Fault { kind: FaultKind::Role, range: range(&claim.terms[term].tokens) }),
        );
    }
    faults
}

/// A value that should change places with another one of its kind.
fn exchanged(claim: &Claim<'_>, sources: &Sources<'_>, hits: &rivals::Hits) -> Option<usize> {
    let kind = |term: usize| match claim.terms[term].kind {
        TermKind::Word | TermKind::Name(_) => 0,
        TermKind::Value(value) => match claim.values[value].kind {
            ValueKind::Number(number) if number.ordinal => 2,
            ValueKind::Number(_) => 3,
            _ => 4,
        },
    };
    let slots: Vec<usize> = (0..claim.terms.len()).filter(|&term| kind(term) > 0).collect();
    let pairs = slots
        .iter()
        .flat_map(|&one| slots.iter().map(move |&other| [one, other]))
        .filter(|[one, other]| one < other);
    let mut alike = pairs.filter(|pair| kind(pair[0]) == kind(pair[1]));
    alike.find(|pair| rivals::exchange(claim, sources, hits, *pair) > SWAP).map(|pair| pair[0])
}

#[cfg(test)]
mod tests;
