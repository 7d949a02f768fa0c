//! The arithmetic of fusion: it sees ids and scores, and does not depend on the order of its lists.

use pllm_core::{Document, DocumentId};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How two lists become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Scores of each list from 0 to 1 (min-max over its candidates), weighted.
    Weighted,
    /// Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009) with k = 60; scaled so that first in both lists is 1.
    ReciprocalRank,
}

const RRF_K: f64 = 60.0;

/// All ids of the lists that count, best first, equals by id. A list of weight 0 does not count at all, so that a language the
/// embedder does not know gives the very result of keyword search.
pub(super) fn fuse(
    mode: Mode,
    dense_weight: f64,
    keyword: &[Document],
    dense: &[Document],
) -> Vec<(DocumentId, f64)> {
    let mut scores: BTreeMap<&DocumentId, f64> = BTreeMap::new();
    for (list, weight) in [(keyword, 1.0 - dense_weight), (dense, dense_weight)] {
        if weight > 0.0 {
            let share = match mode {
                Mode::Weighted => weight,
                Mode::ReciprocalRank if dense_weight > 0.0 && dense_weight < 1.0 => 0.5,
                Mode::ReciprocalRank => 1.0,
            };
            for (id, score) in scored(mode, &best(list)) {
                *scores.entry(id).or_insert(0.0) += share * score;
            }
        }
    }
    let mut order: Vec<(DocumentId, f64)> =
        scores.into_iter().map(|(id, score)| (id.clone(), score)).collect();
    // The map gives ids in order, and the sort is stable.
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    order
}

/// Each id once, with its best score, best first, equals by id.
fn best(list: &[Document]) -> Vec<(&DocumentId, f64)> {
    let mut scores: BTreeMap<&DocumentId, f64> = BTreeMap::new();
    for document in list {
        let score = document.score.unwrap_or(0.0);
        scores.entry(&document.id).and_modify(|best| *best = best.max(score)).or_insert(score);
    }
    let mut order: Vec<_> = scores.into_iter().collect();
    order.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal));
    order
}

/// The contribution of each candidate, 0 to 1.
fn scored<'a>(mode: Mode, list: &[(&'a DocumentId, f64)]) -> Vec<(&'a DocumentId, f64)> {
    match mode {
        Mode::Weighted => {
            let (low, high) =
                (list.last().map_or(0.0, |last| last.1), list.first().map_or(0.0, |first| first.1));
            // With one candidate, or all equal, nothing tells them apart: each is the best of its list.
            let scale = |score: f64| if high > low { (score - low) / (high - low) } else { 1.0 };
            list.iter().map(|(id, score)| (*id, scale(*score))).collect()
        }
        Mode::ReciprocalRank => {
            let ranks = std::iter::successors(Some(0.0), |rank| Some(rank + 1.0));
            list.iter()
                .zip(ranks)
                .map(|((id, _), rank)| (*id, (RRF_K + 1.0) / (RRF_K + 1.0 + rank)))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(entries: &[(&str, f64)]) -> Vec<Document> {
        let document = |(id, score): &(&str, f64)| Document {
            score: Some(*score),
            ..Document::new(DocumentId::new(id).expect("an id"), "")
        };
        entries.iter().map(document).collect()
    }

    fn check(
        mode: Mode,
        weight: f64,
        keyword: &[(&str, f64)],
        dense: &[(&str, f64)],
        expected: &[(&str, f64)],
    ) {
        let fused = fuse(mode, weight, &list(keyword), &list(dense));
        let ids: Vec<&str> = fused.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, expected.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        for ((id, score), (_, expected)) in fused.iter().zip(expected) {
            assert!((score - expected).abs() < 1e-12, "{id}: {score}, expected {expected}");
        }
    }

    #[test]
    fn scores_are_weighted_over_the_union() {
        let keyword = [("a", 9.0), ("b", 5.0), ("c", 1.0)];
        let dense = [("b", 0.8), ("d", 0.6), ("c", 0.4)];
        let weighted = [("b", 0.7), ("a", 0.6), ("d", 0.2), ("c", 0.0)];
        check(Mode::Weighted, 0.4, &keyword, &dense, &weighted);
        check(Mode::Weighted, 0.0, &keyword, &dense, &[("a", 1.0), ("b", 0.5), ("c", 0.0)]);
        check(Mode::Weighted, 1.0, &keyword, &dense, &[("b", 1.0), ("d", 0.5), ("c", 0.0)]);
        check(Mode::Weighted, 0.4, &[], &dense, &[("b", 0.4), ("d", 0.2), ("c", 0.0)]);
        check(Mode::Weighted, 0.4, &[("x", 3.0)], &[], &[("x", 0.6)]);
        check(Mode::Weighted, 0.4, &[("y", 3.0), ("x", 3.0)], &[], &[("x", 0.6), ("y", 0.6)]);
        check(Mode::Weighted, 0.4, &[], &[], &[]);
    }

    #[test]
    fn ranks_alone_count_in_reciprocal_rank_fusion() {
        let (keyword, dense) = ([("a", 100.0), ("b", 1.0)], [("b", 0.9), ("c", 0.1)]);
        let fused = [("b", (61.0 / 62.0 + 1.0) / 2.0), ("a", 0.5), ("c", 61.0 / 124.0)];
        check(Mode::ReciprocalRank, 0.4, &keyword, &dense, &fused);
        check(Mode::ReciprocalRank, 0.0, &keyword, &dense, &[("a", 1.0), ("b", 61.0 / 62.0)]);
    }

    fn candidates() -> impl Strategy<Value = Vec<(u8, i8)>> {
        prop::collection::vec((0u8..12, -5i8..5), 0..20)
    }

    fn documents(entries: &[(u8, i8)]) -> Vec<Document> {
        let document = |(id, score): &(u8, i8)| Document {
            score: Some(f64::from(*score)),
            ..Document::new(DocumentId::new(&format!("d{id}")).expect("an id"), "")
        };
        entries.iter().map(document).collect()
    }

    proptest! {
        #[test]
        fn the_order_of_the_lists_does_not_matter(
            (keyword, keyword_shuffled) in candidates().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
            (dense, dense_shuffled) in candidates().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
            weight in 0.0..=1.0f64,
            ranks: bool,
        ) {
            let mode = if ranks { Mode::ReciprocalRank } else { Mode::Weighted };
            let fused = fuse(mode, weight, &documents(&keyword), &documents(&dense));
            let shuffled = fuse(mode, weight, &documents(&keyword_shuffled), &documents(&dense_shuffled));
            prop_assert_eq!(&fused, &shuffled);
            prop_assert!(fused.iter().all(|(_, score)| (0.0..=1.0 + 1e-12).contains(score)));
            // Fusion has no favourite: lists and weights swapped give the same order.
            let swapped = fuse(mode, 1.0 - weight, &documents(&dense), &documents(&keyword));
            for ((id, score), (other, same)) in fused.iter().zip(&swapped) {
                prop_assert!((score - same).abs() < 1e-9, "{id}: {score}, {other}: {same}");
            }
        }
    }
}
