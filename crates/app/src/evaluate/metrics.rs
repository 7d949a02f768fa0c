//! The figures of an evaluation: retrieval as TREC counts it, answers as SQuAD counts them.

use std::collections::{BTreeMap, HashMap};

/// Relevance by document id; only positive grades.
pub type Relevance = HashMap<String, f64>;

/// Retrieval figures, 0 to 1, of one question or as a mean.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RetrievalFigures {
    /// Share of relevant documents among the first five.
    pub recall_5: f64,
    /// The same among the first ten.
    pub recall_10: f64,
    /// The same among the first hundred.
    pub recall_100: f64,
    /// One over the rank of the first relevant document, 0 beyond ten.
    pub mrr_10: f64,
    /// Normalised discounted cumulative gain over ten (Järvelin & Kekäläinen 2002, graded gain, log2 discount).
    pub ndcg_10: f64,
}

impl RetrievalFigures {
    /// The figures of one ranked list of distinct documents, best first.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "ranks and counts are small")]
    pub fn of(relevant: &Relevance, ranked: &[String]) -> Self {
        let recall = |k: usize| {
            let found = ranked.iter().take(k).filter(|id| relevant.contains_key(*id)).count();
            found as f64 / relevant.len().max(1) as f64
        };
        let discount = |rank: usize| ((rank + 2) as f64).log2();
        let first = ranked.iter().take(10).position(|id| relevant.contains_key(id));
        let gains = ranked.iter().take(10).enumerate();
        let gain: f64 =
            gains.map(|(rank, id)| relevant.get(id).copied().unwrap_or(0.0) / discount(rank)).sum();
        let mut ideal: Vec<f64> = relevant.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        let best: f64 = ideal.iter().take(10).enumerate().map(|(rank, grade)| grade / discount(rank)).sum();
        Self {
            recall_5: recall(5),
            recall_10: recall(10),
            recall_100: recall(100),
            mrr_10: first.map_or(0.0, |rank| 1.0 / (rank + 1) as f64),
            ndcg_10: if best > 0.0 { gain / best } else { 0.0 },
        }
    }

    /// The mean of figures.
    #[must_use]
    pub fn mean(figures: &[Self]) -> Self {
        let mean = |pick: fn(&Self) -> f64| mean(figures.iter().map(pick));
        Self {
            recall_5: mean(|f| f.recall_5),
            recall_10: mean(|f| f.recall_10),
            recall_100: mean(|f| f.recall_100),
            mrr_10: mean(|f| f.mrr_10),
            ndcg_10: mean(|f| f.ndcg_10),
        }
    }
}

/// The mean; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// Lower case, without punctuation and English articles, single blanks (the SQuAD evaluation script of Rajpurkar et al. 2016).
#[must_use]
pub fn normalise(text: &str) -> String {
    let bare: String = text
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace() || is_symbol(*c))
        .collect();
    bare.split_whitespace().filter(|word| !matches!(*word, "a" | "an" | "the")).collect::<Vec<_>>().join(" ")
}

/// Symbols that are no punctuation, so that the script keeps them (currency, degrees).
fn is_symbol(c: char) -> bool {
    !c.is_ascii()
        && !c.is_control()
        && !matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '¡' | '§' | '«' | '¶' | '·' | '»' | '¿')
}

/// Whether the normalised texts are equal.
#[must_use]
pub fn exact(answer: &str, gold: &str) -> bool {
    normalise(answer) == normalise(gold)
}

/// The harmonic mean of precision and recall of words.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn f1(answer: &str, gold: &str) -> f64 {
    let (answer, gold) = (normalise(answer), normalise(gold));
    let (mut counts, mut words, mut golds) = (BTreeMap::<&str, i64>::new(), 0usize, 0usize);
    for word in gold.split(' ').filter(|word| !word.is_empty()) {
        *counts.entry(word).or_default() += 1;
        golds += 1;
    }
    let mut common = 0usize;
    for word in answer.split(' ').filter(|word| !word.is_empty()) {
        words += 1;
        if let Some(left) = counts.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    if words == 0 || golds == 0 {
        f64::from(words == golds)
    } else {
        2.0 * common as f64 / (words + golds) as f64
    }
}

/// Whether the gold answer stands in the text, white space and case folded.
#[must_use]
pub fn holds(text: &str, gold: &str) -> bool {
    let fold = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let gold = fold(gold);
    !gold.is_empty() && fold(text).contains(&gold)
}

/// The value below which `share` of the values lie; 0 of nothing.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index of a short list"
)]
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(((sorted.len().saturating_sub(1)) as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(ids: &[&str]) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn retrieval_figures_match_a_hand_count() {
        let relevant = Relevance::from([("a".to_owned(), 1.0), ("b".to_owned(), 1.0)]);
        let figures = RetrievalFigures::of(&relevant, &ranked(&["x", "a", "y", "z", "w", "b"]));
        assert!((figures.recall_5 - 0.5).abs() < 1e-12 && (figures.recall_10 - 1.0).abs() < 1e-12);
        assert!((figures.mrr_10 - 0.5).abs() < 1e-12);
        let ideal = 1.0 + 1.0 / 3f64.log2();
        assert!((figures.ndcg_10 - (1.0 / 3f64.log2() + 1.0 / 7f64.log2()) / ideal).abs() < 1e-12);
    }

    #[test]
    fn answers_are_compared_as_the_squad_script_does() {
        assert!(exact("The  Eiffel Tower.", "eiffel tower"));
        assert!((f1("in the year 1999", "1999") - 0.5).abs() < 1e-12);
        assert!((f1("", "") - 1.0).abs() < 1e-12 && f1("", "x").abs() < 1e-12);
        assert!(holds("It was\n 900  Euro.", "900 euro") && !holds("abc", ""));
    }

    #[test]
    fn a_quantile_of_few_values() {
        assert!((quantile(&[3.0, 1.0, 2.0], 0.5) - 2.0).abs() < 1e-12);
        assert!(quantile(&[], 0.5).abs() < 1e-12);
    }
}
