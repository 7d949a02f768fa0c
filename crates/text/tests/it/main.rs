//! How well the sentence rules find the boundaries of the gold file, language by language.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test fails loudly and prints its table")]

use std::collections::{BTreeMap, BTreeSet};

use pllm_text::{Language, sentences};

const GOLD: &str = include_str!("../golden/sentences.jsonl");

/// Boundaries found and wanted; a boundary is the end of a sentence, but for the last of a passage.
#[derive(Default, Clone, Copy)]
struct Score {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Score {
    fn add(&mut self, found: &BTreeSet<usize>, wanted: &BTreeSet<usize>) {
        self.right += found.intersection(wanted).count();
        self.found += found.len();
        self.wanted += wanted.len();
    }

    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.wanted) as f64
    }
}

/// Where the sentences of a gold passage end, without the last.
fn wanted_ends(text: &str, gold: &[serde_json::Value]) -> BTreeSet<usize> {
    let mut at = 0;
    let mut ends = BTreeSet::new();
    for sentence in gold.iter().map(|value| value.as_str().expect("a sentence")) {
        at += text[at..].find(sentence).expect("a sentence of the text") + sentence.len();
        ends.insert(at);
    }
    ends.remove(&at);
    ends
}

fn found_ends(text: &str, language: Option<Language>) -> BTreeSet<usize> {
    let mut ends: BTreeSet<usize> = sentences(text, language).into_iter().map(|range| range.end()).collect();
    ends.remove(&text.trim_end().len());
    ends
}

fn score(language_is_known: bool) -> BTreeMap<String, Score> {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for line in GOLD.lines() {
        let passage: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let text = passage["text"].as_str().expect("a text");
        let code = passage["language"].as_str().expect("a language");
        let wanted = wanted_ends(text, passage["sentences"].as_array().expect("sentences"));
        let found = found_ends(text, Language::parse(code).filter(|_| language_is_known));
        for end in found.symmetric_difference(&wanted) {
            println!(
                "{code}: {} at …{:?}",
                if found.contains(end) { "extra" } else { "missed" },
                window(text, *end)
            );
        }
        for key in [code, "all"] {
            scores.entry(key.to_owned()).or_default().add(&found, &wanted);
        }
    }
    scores
}

fn window(text: &str, end: usize) -> String {
    let before: Vec<char> = text[..end].chars().rev().take(20).collect();
    before.into_iter().rev().chain(['¦']).chain(text[end..].chars().take(20)).collect()
}

#[test]
fn sentence_boundaries_of_the_gold_file() {
    for language_is_known in [true, false] {
        let scores = score(language_is_known);
        for (code, score) in &scores {
            println!(
                "{code}: F1 {:.3} ({} right, {} found, {} wanted)",
                score.f1(),
                score.right,
                score.found,
                score.wanted
            );
        }
        for (code, score) in scores {
            let least = if code == "all" { 0.97 } else { 0.90 };
            assert!(score.f1() >= least, "{code}: F1 {:.3}", score.f1());
        }
    }
}
