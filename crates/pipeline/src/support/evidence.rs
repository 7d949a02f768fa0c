//! Which sentences of the passages support a claim, and how much of it they have.

use pllm_text::ByteRange;

use super::claim::{Claim, TermKind};
use super::rivals::Hits;
use super::source::{Passage, Sources};

/// The most sentences that support one claim.
const MAX_SENTENCES: usize = 4;
/// The least weight that a further sentence must add: as much as one telling word.
const LEAST_GAIN: f64 = 1.5;

/// The sentences that support a claim.
#[derive(Debug, Default)]
pub(super) struct Support {
    /// Passage and sentence, the best first.
    pub(super) sentences: Vec<(usize, usize)>,
    /// The share of the claim's weight that they have, from 0 to 1; words of the question left out.
    pub(super) share: f64,
}

/// The fewest sentences that together have most of the claim.
pub(super) fn support(claim: &Claim<'_>, sources: &Sources<'_>, hits: &Hits) -> Support {
    let mut candidates: Vec<((usize, usize), Vec<f64>)> = Vec::new();
    for (at, (passage, hits)) in sources.passages.iter().zip(hits).enumerate() {
        for hit in hits {
            let sentence = passage.reading.tokens.get(hit.token).map_or(0, |token| token.sentence);
            let place = match candidates.iter().position(|(place, _)| *place == (at, sentence)) {
                Some(place) => place,
                None => {
                    candidates.push(((at, sentence), vec![0.0; claim.terms.len()]));
                    candidates.len() - 1
                }
            };
            let covered = &mut candidates[place].1[hit.term];
            *covered = covered.max(hit.strength);
        }
    }
    choose(claim, &candidates)
}

fn choose(claim: &Claim<'_>, candidates: &[((usize, usize), Vec<f64>)]) -> Support {
    let mut covered = vec![0.0_f64; claim.terms.len()];
    let mut support = Support::default();
    while support.sentences.len() < MAX_SENTENCES {
        let gain = |terms: &[f64]| -> f64 {
            let gains = terms.iter().zip(&covered).zip(&claim.terms);
            gains.map(|((theirs, own), term)| term.weight * (theirs - own).max(0.0)).sum()
        };
        let mut best: Option<(f64, usize)> = None;
        for (at, (_, terms)) in candidates.iter().enumerate() {
            let gain = gain(terms);
            if best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, at));
            }
        }
        let Some((gain, at)) = best else { break };
        if gain <= 0.0 || !support.sentences.is_empty() && gain < LEAST_GAIN {
            break;
        }
        let (place, terms) = &candidates[at];
        support.sentences.push(*place);
        covered.iter_mut().zip(terms).for_each(|(own, theirs)| *own = own.max(*theirs));
    }
    support.share = share(claim, &covered);
    support
}

fn share(claim: &Claim<'_>, covered: &[f64]) -> f64 {
    let all_asked = claim.terms.iter().all(|term| term.asked);
    let counted = || {
        claim
            .terms
            .iter()
            .zip(covered)
            .filter(|(term, _)| all_asked || !term.asked || term.kind != TermKind::Word)
    };
    let whole: f64 = counted().map(|(term, _)| term.weight).sum();
    let part: f64 = counted().map(|(term, covered)| term.weight * covered).sum();
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The sentences that `text` is copied from: whole, or at least so many words of them.
pub(super) fn copied(text: &str, sources: &Sources<'_>) -> Vec<(usize, usize)> {
    let of = |(at, passage): (usize, &Passage<'_>)| {
        let (start, _) =
            passage.reading.text.match_indices(text).find(|&(start, _)| is_whole(passage, start, text))?;
        let range = ByteRange::new(start, start + text.len());
        let sentences =
            passage.reading.sentences.iter().enumerate().filter(|(_, sentence)| sentence.overlaps(range));
        let places: Vec<(usize, usize)> = sentences.map(|(sentence, _)| (at, sentence)).collect();
        places.iter().all(|&(_, sentence)| !passage.orders[sentence]).then_some(places)
    };
    sources.passages.iter().enumerate().find_map(of).unwrap_or_default()
}

/// The fewest words that are copied and not only the same.
const LEAST_COPIED: usize = 4;

fn is_whole(passage: &Passage<'_>, start: usize, text: &str) -> bool {
    let end = start + text.len();
    let tokens = || passage.reading.tokens.iter().map(|token| token.range);
    let cuts = tokens()
        .any(|word| word.start() < start && start < word.end() || word.start() < end && end < word.end());
    let words = tokens().filter(|word| start <= word.start() && word.end() <= end).count();
    let sentence =
        passage.reading.sentences.iter().any(|sentence| sentence.start() == start && sentence.end() == end);
    sentence || !cuts && words >= LEAST_COPIED
}

/// The sentence as a range of its passage.
pub(super) fn range(sources: &Sources<'_>, (passage, sentence): (usize, usize)) -> Option<ByteRange> {
    let reading = &sources.passages.get(passage)?.reading;
    reading.sentences.get(sentence)?.trimmed(reading.text).filter(|range| !range.is_empty())
}
