//! Our vectors against those of sentence-transformers, which `tests/golden/make_vectors.py` wrote down.

use serde::Deserialize;

use crate::model::MODEL;

#[derive(Deserialize)]
pub(crate) struct Golden {
    pub(crate) cases: Vec<Case>,
}

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) texts: Vec<String>,
    vectors: Vec<String>,
}

pub(crate) fn golden() -> Golden {
    serde_json::from_str(include_str!("../golden/vectors.json")).unwrap()
}

fn values(hexadecimal: &str) -> Vec<f32> {
    let nibble = |c: u8| char::from(c).to_digit(16).unwrap() as u8;
    let (pairs, _) = hexadecimal.as_bytes().as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| nibble(*high) << 4 | nibble(*low)).collect();
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The cases for which `wanted` holds of the longest text's length in bytes.
fn check(wanted: impl Fn(usize) -> bool) {
    let longest = |case: &Case| case.texts.iter().map(String::len).max().unwrap_or(0);
    let cases: Vec<Case> = golden().cases.into_iter().filter(|case| wanted(longest(case))).collect();
    assert!(!cases.is_empty());
    for case in &cases {
        let texts: Vec<&str> = case.texts.iter().map(String::as_str).collect();
        let found = MODEL.embed(&texts);
        assert_eq!(found.len(), case.vectors.len());
        for (index, (found, expected)) in found.iter().zip(&case.vectors).enumerate() {
            let expected = values(expected);
            assert_eq!(found.len(), expected.len());
            let cosine = cosine(found, &expected);
            assert!(cosine >= 0.999_999, "case {}, text {index}: cosine {cosine}", case.name);
            let length = found.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
            assert!((length - 1.0).abs() < 1e-6, "case {}, text {index}: length {length}", case.name);
        }
    }
}

/// Short enough to be run on an emulated processor, too.
#[test]
fn short_texts_agree_with_sentence_transformers() {
    check(|bytes| bytes < 500);
}

#[test]
fn long_and_ragged_texts_agree_with_sentence_transformers() {
    check(|bytes| bytes >= 500);
}
