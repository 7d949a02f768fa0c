//! Whether a value or name of a claim stands where the passages speak of the same thing.
//!
//! A number that was altered to another one of the document stands in the document too. So each value competes: the places
//! where it stands, against the places where another value of its kind stands. A place scores by the other words of the
//! claim that stand near it, each the more the nearer it is to the value in the claim. Loses the value clearly, then the passages
//! say something else of this. [`naming`](super::naming) does the same for names.

use super::claim::{Claim, Hit};
use super::counted::counted;
use super::source::{Passage, Sources};
use super::values::{Fit, ValueKind, fit};

/// What a place must have to hold its own against a rival.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bar {
    /// The share of the score of a rival in the same sentence.
    pub(super) within: f64,
    /// The same of a rival in another sentence.
    pub(super) across: f64,
    /// Or so much of the claim that the other sentence has not.
    pub(super) own: f64,
}

const NUMBER: Bar = Bar { within: 0.97, across: 0.9, own: 1.5 };
const DATE: Bar = Bar { within: 0.97, across: 0.95, own: f64::INFINITY };

/// What a place gains when its number counts the same thing as the claim's: `212 teal`.
const SAME_THING: f64 = 1.0;

/// How it stands with a value or name of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Where it should.
    Stands,
    /// The number does, with another unit.
    OtherUnit,
    /// Only elsewhere, or nowhere.
    Missing,
}

/// The hits of a claim in each passage.
pub(super) type Hits = [Vec<Hit>];

/// How it stands with the value `value` of the claim.
pub(super) fn value(claim: &Claim<'_>, sources: &Sources<'_>, hits: &Hits, value: usize) -> Standing {
    let own = &claim.values[value];
    let at = [own.tokens.start; 2];
    let things = counted(&claim.reading, &own.tokens);
    let said = |kind| claim.values.iter().any(|other| fit(other.kind, kind) == Fit::Same);
    let (mut same, mut other_unit, mut rivals) = (None, None, Vec::new());
    for (number, (passage, hits)) in sources.passages.iter().zip(hits).enumerate() {
        for theirs in passage.values.iter().filter(|theirs| passage.counts(theirs.tokens.start)) {
            let place = || {
                let alike = things.is_some() && things == counted(&passage.reading, &theirs.tokens);
                let place = Place::of(claim, passage, hits, at, (number, theirs.tokens.start), 1.0);
                place.more(if alike { SAME_THING } else { 0.0 })
            };
            match fit(own.kind, theirs.kind) {
                Fit::Unrelated => {}
                Fit::Same => better(&mut same, place()),
                Fit::OtherUnit => better(&mut other_unit, place()),
                Fit::Other if said(theirs.kind) => {}
                Fit::Other => rivals.push(place()),
            }
        }
    }
    let bar = if matches!(own.kind, ValueKind::Date(_)) { DATE } else { NUMBER };
    let stands = |place: &Place| rivals.iter().all(|rival| place.holds(rival, bar));
    match (same, other_unit) {
        (Some(same), other) if stands(&same) && other.iter().all(|other| same.holds(other, bar)) => {
            Standing::Stands
        }
        (same, Some(other))
            if same.as_ref().is_none_or(|same| same.score < other.score) && stands(&other) =>
        {
            Standing::OtherUnit
        }
        _ => Standing::Missing,
    }
}

/// Where a value or name of the claim stands, or another one of its kind.
#[derive(Debug)]
pub(super) struct Place {
    /// Passage and sentence.
    sentence: (usize, usize),
    /// What each term of the claim gives it.
    terms: Vec<f64>,
    score: f64,
}

impl Place {
    pub(super) fn of(
        claim: &Claim<'_>,
        passage: &Passage<'_>,
        hits: &[Hit],
        at: [usize; 2],
        (number, token): (usize, usize),
        strength: f64,
    ) -> Self {
        let terms = term_scores(claim, passage, hits, at, token, strength);
        let sentence = passage.reading.tokens.get(token).map_or(0, |token| token.sentence);
        Self { sentence: (number, sentence), score: terms.iter().sum::<f64>() + 0.05, terms }
    }

    /// The same place with something more that speaks for it.
    fn more(mut self, score: f64) -> Self {
        self.score += score;
        self.terms.push(score);
        self
    }

    /// What it has of the claim that `other` has not.
    fn own(&self, other: &Self) -> f64 {
        self.terms.iter().zip(&other.terms).map(|(own, theirs)| (own - theirs).max(0.0)).sum()
    }

    /// Whether it holds its own against `rival`.
    pub(super) fn holds(&self, rival: &Self, bar: Bar) -> bool {
        if self.sentence == rival.sentence {
            return self.score >= bar.within * rival.score;
        }
        self.score >= bar.across * rival.score || self.own(rival) > bar.own
    }
}

fn better(best: &mut Option<Place>, place: Place) {
    if best.as_ref().is_none_or(|best| place.score > best.score) {
        *best = Some(place);
    }
}

/// How much better the passages would agree if two terms of the claim changed places; 1 if as well, 0 if one is missing.
pub(super) fn exchange(claim: &Claim<'_>, sources: &Sources<'_>, hits: &Hits, terms: [usize; 2]) -> f64 {
    let at = terms.map(|term| claim.terms[term].tokens.start);
    let mut best = [[None; 2]; 2];
    for (passage, hits) in sources.passages.iter().zip(hits) {
        for hit in hits {
            for (theirs, _) in terms.iter().enumerate().filter(|(_, term)| **term == hit.term) {
                for (own, best) in best.iter_mut().enumerate() {
                    let around = [at[own], at[1 - own]];
                    raise(&mut best[theirs], hit.strength * score(claim, passage, hits, around, hit.token));
                }
            }
        }
    }
    match (best[0][0], best[1][1], best[0][1], best[1][0]) {
        (Some(first), Some(second), Some(turned), Some(back)) => (turned + back) / (first + second),
        _ => 0.0,
    }
}

fn raise(best: &mut Option<f64>, score: f64) {
    *best = Some(best.unwrap_or(0.0).max(score));
}

fn score(claim: &Claim<'_>, passage: &Passage<'_>, hits: &[Hit], at: [usize; 2], place: usize) -> f64 {
    term_scores(claim, passage, hits, at, place, 1.0).iter().sum::<f64>() + 0.05
}

/// How much of each term of the claim around its token `at[0]` stands around token `place` of the passage; none of those at `at`.
fn term_scores(
    claim: &Claim<'_>,
    passage: &Passage<'_>,
    hits: &[Hit],
    at: [usize; 2],
    place: usize,
    strength: f64,
) -> Vec<f64> {
    let mut best = vec![0.0_f64; claim.terms.len()];
    for hit in hits {
        let near = match nearness(passage, hit.token, place) {
            // What is only meant stands at no place of its sentence.
            near if strength < 1.0 && near > MEANT / 2.0 => hit.strength * near.max(MEANT),
            near => hit.strength * near,
        };
        best[hit.term] = best[hit.term].max(near);
    }
    for (near, term) in best.iter_mut().zip(&claim.terms) {
        let left_out = at.iter().any(|at| term.tokens.contains(at));
        *near *=
            if left_out { 0.0 } else { strength * term.weight * closeness(claim, term.tokens.start, at[0]) };
    }
    best
}

/// How near a name that a pronoun stands for is to each word of the sentence.
const MEANT: f64 = 0.9;

/// How much a word of a passage says about another one, from 0 to 1.
fn nearness(passage: &Passage<'_>, one: usize, other: usize) -> f64 {
    let tokens = &passage.reading.tokens;
    let (Some(first), Some(second)) = (tokens.get(one), tokens.get(other)) else { return 0.0 };
    let distance = one.abs_diff(other) as f64;
    if passage.heads.get(first.sentence).copied().flatten() == Some(second.sentence) {
        return 0.5;
    }
    let later = first.sentence.max(second.sentence);
    match first.sentence.abs_diff(second.sentence) {
        1 if passage.carried[later] => 0.25,
        0 if first.clause == second.clause => 1.0 / (1.0 + distance / 30.0),
        0 => 0.8 / (1.0 + distance / 30.0),
        1 => 0.15,
        2 => 0.08,
        _ => 0.05,
    }
}

/// How much a word of the claim says about another one, from 0 to 1.
fn closeness(claim: &Claim<'_>, one: usize, other: usize) -> f64 {
    let clause = |at: usize| claim.reading.tokens.get(at).map(|token| token.clause);
    let distance = one.abs_diff(other) as f64;
    let same = if clause(one) == clause(other) { 1.0 } else { 0.5 };
    same / (1.0 + distance / 15.0)
}
