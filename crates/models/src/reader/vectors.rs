//! How close a question and its sentences are by the vectors of their tokens, where the model knows the language.
//!
//! Each token of the question looks for the token of the sentence that is most like it: "late interaction", as in Khattab
//! and Zaharia, "ColBERT", 2020. One vector a sentence says what it is about, and neighbours are about the same; one vector
//! a token also says whether *this* sentence has something for each word of the question.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Debug;

use futures::executor::block_on;
use futures::future::try_join_all;
use pllm_core::{Document, EmbedRole, Embedder, Result};
use pllm_kernels::dot_f32;
use pllm_text::{Language, detect, scripts_of};

use crate::minilm::{MiniLm, TokenVectors};

/// Gives the vectors that the reader compares. A plain function: the thread that reads waits for it.
pub trait TokenEmbedder: Debug + Send + Sync {
    /// The languages whose vectors are to be trusted.
    fn languages(&self) -> Vec<Language>;

    /// One result a text, in order. All vectors have the same width; first and last token are special ones.
    ///
    /// # Errors
    /// `Overloaded` when the queue is full, `Internal` otherwise.
    fn token_vectors(&self, texts: Vec<String>) -> Result<Vec<TokenVectors>>;
}

/// Computes on the model's own pool.
impl TokenEmbedder for MiniLm {
    fn languages(&self) -> Vec<Language> {
        self.info().languages
    }

    fn token_vectors(&self, texts: Vec<String>) -> Result<Vec<TokenVectors>> {
        // In two requests, so that two workers have the same to do.
        let half = texts.len().div_ceil(2).max(1);
        let requests = texts.chunks(half).map(|texts| self.token_vectors(EmbedRole::Query, texts.to_vec()));
        Ok(block_on(try_join_all(requests))?.into_iter().flatten().collect())
    }
}

/// How many numbers [`closeness`] gives.
pub const CLOSENESS_KINDS: usize = 3;

/// How close a sentence is to the question, cosines from -1 to 1:
///
/// 0. the mean over the question's tokens, rare ones counting more, of the cosine with the most similar token
/// 1. the same with all tokens counting alike
/// 2. the largest cosine of the question's `[CLS]`, which stands for the question as a whole: near for all sentences
///    of the topic, so that it is what the others have to be compared with
pub type Closeness = [f64; CLOSENESS_KINDS];

/// Whether the model understands the question: not if its script or, surely, its language is one it does not declare.
pub(super) fn understands(question: &str, declared: &[Language]) -> bool {
    let detection = detect(question);
    let scripts: BTreeSet<_> = declared.iter().flat_map(|language| scripts_of(*language)).collect();
    let known_script = detection.script.is_none_or(|script| scripts.is_empty() || scripts.contains(&script));
    let foreign = |language| detection.reliable && !declared.contains(&language);
    known_script && !detection.language.is_some_and(foreign)
}

/// Whether a Document's sentences get vectors.
pub(super) fn is_declared(document: &Document, declared: &[Language]) -> bool {
    document.language.is_none_or(|language| declared.contains(&language))
}

/// The closeness of each of `sentences`, which are cut where they are very long.
pub(super) fn closeness(
    model: &dyn TokenEmbedder,
    question: &str,
    sentences: &[&str],
) -> Result<Vec<Closeness>> {
    let texts = std::iter::once(&question).chain(sentences).map(|text| head(text).to_owned()).collect();
    let mut texts: Vec<Vectors> = model.token_vectors(texts)?.into_iter().map(Vectors::of).collect();
    if texts.len() <= 1 {
        return Ok(Vec::new());
    }
    let sentences = texts.split_off(1);
    let question = &texts[0];
    let weights = token_weights(&question.tokens, &sentences);
    Ok(sentences.iter().map(|sentence| compare(question, &weights, sentence)).collect())
}

/// As much of a text as is compared: some 100 tokens.
fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

const MOST_BYTES: usize = 480;

/// The tokens of a text with vectors of length 1.
struct Vectors {
    tokens: Vec<u32>,
    rows: Vec<f32>,
    width: usize,
}

impl Vectors {
    fn of(TokenVectors { tokens, vectors: mut rows }: TokenVectors) -> Self {
        let width = (rows.len() / tokens.len().max(1)).max(1);
        for row in rows.chunks_exact_mut(width) {
            let length = dot_f32(row, row).sqrt().max(f32::MIN_POSITIVE);
            row.iter_mut().for_each(|x| *x /= length);
        }
        Self { tokens, rows, width }
    }

    /// The vectors between the special tokens.
    fn inner(&self) -> impl Iterator<Item = &[f32]> {
        let count = self.tokens.len().saturating_sub(2);
        self.rows.chunks_exact(self.width).skip(1).take(count)
    }
}

/// What each inner token of the question weighs: the idf of the reader's terms, over the tokens of the sentences.
fn token_weights(question: &[u32], sentences: &[Vectors]) -> Vec<f64> {
    let mut having: HashMap<u32, usize> = HashMap::new();
    for sentence in sentences {
        let distinct: HashSet<u32> = sentence.tokens.iter().copied().collect();
        distinct.into_iter().for_each(|token| *having.entry(token).or_default() += 1);
    }
    let total = sentences.len() as f64 + 1.0;
    let weight = |token: &u32| (1.0 + total / (having.get(token).copied().unwrap_or(0) as f64 + 1.0)).ln();
    let inner = question.get(1..question.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().map(weight).collect()
}

fn compare(question: &Vectors, weights: &[f64], sentence: &Vectors) -> Closeness {
    let nearest = |row: &[f32]| {
        let cosines = sentence.inner().map(|other| f64::from(dot_f32(row, other)));
        cosines.reduce(f64::max).unwrap_or_default()
    };
    let cosines: Vec<f64> = question.inner().map(nearest).collect();
    let whole = question.rows.chunks_exact(question.width).next().map_or(0.0, nearest);
    let ones = vec![1.0; cosines.len()];
    [mean(&cosines, weights), mean(&cosines, &ones), whole]
}

fn mean(values: &[f64], weights: &[f64]) -> f64 {
    let all: f64 = weights.iter().sum();
    let sum: f64 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    if all > 0.0 { sum / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text whose tokens lie on the axes of a plane, or between them.
    fn text(tokens: &[(u32, [f32; 2])]) -> Vectors {
        let rows = tokens.iter().flat_map(|(_, row)| *row).collect();
        Vectors::of(TokenVectors { tokens: tokens.iter().map(|(token, _)| *token).collect(), vectors: rows })
    }

    #[test]
    fn each_token_of_the_question_looks_for_its_nearest() {
        let question = text(&[(1, [0.0, 3.0]), (10, [2.0, 0.0]), (11, [0.0, 1.0]), (2, [1.0, 1.0])]);
        let both = text(&[(1, [1.0, 1.0]), (10, [5.0, 0.0]), (11, [0.0, 2.0]), (2, [0.0, 1.0])]);
        let one = text(&[(1, [0.0, 1.0]), (10, [1.0, 0.0]), (2, [0.0, 1.0])]);
        let none = text(&[(1, [1.0, 0.0]), (2, [1.0, 0.0])]);
        let check = |sentence: &Vectors, expected: Closeness| {
            assert_eq!(compare(&question, &[1.0, 3.0], sentence), expected);
        };
        check(&both, [1.0, 1.0, 1.0]);
        check(&one, [0.25, 0.5, 0.0]);
        check(&none, [0.0, 0.0, 0.0]);
    }

    #[test]
    fn rare_tokens_weigh_more() {
        let sentences = [
            text(&[(1, [1.0, 0.0]), (10, [1.0, 0.0]), (2, [1.0, 0.0])]),
            text(&[(1, [1.0, 0.0]), (2, [1.0, 0.0])]),
        ];
        let weights = token_weights(&[1, 10, 11, 2], &sentences);
        assert_eq!(weights, [(1.0_f64 + 3.0 / 2.0).ln(), 4.0_f64.ln()]);
        assert!(token_weights(&[1], &sentences).is_empty());
    }

    #[test]
    fn the_model_has_to_know_the_language_of_the_question() {
        let check = |question: &str, expected: bool| {
            assert_eq!(understands(question, &[Language::ENGLISH]), expected, "{question}");
        };
        check("How much is the deposit?", true);
        check("Hotel Roma?", true);
        check("", true);
        check("押金是多少？", false);
        check("Wie hoch ist die Kaution für die Wohnung im zweiten Stock, und wann ist sie fällig?", false);
    }
}
