//! A vector does not depend on its batch: bit for bit the same alone, in any company, in any order.

use pllm_models::bert::{TokenBatch, mean_pooled};

use crate::bert_golden::golden;
use crate::model::MODEL;

fn bits(vectors: &[Vec<f32>]) -> Vec<Vec<u32>> {
    vectors.iter().map(|vector| vector.iter().map(|x| x.to_bits()).collect()).collect()
}

/// A fixed shuffle of `0..count`.
fn shuffled(count: usize, seed: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|i| (i + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23));
    order
}

#[test]
fn a_vector_does_not_depend_on_its_batch() {
    let golden = golden();
    let texts: Vec<&str> = golden.cases.iter().flat_map(|case| &case.texts).map(String::as_str).collect();
    let alone: Vec<Vec<f32>> = texts.iter().flat_map(|text| MODEL.embed(&[text])).collect();
    for (seed, size) in [(1, texts.len()), (2, 7)] {
        let order = shuffled(texts.len(), seed);
        for group in order.chunks(size) {
            let found = MODEL.embed(&group.iter().map(|&i| texts[i]).collect::<Vec<_>>());
            let expected: Vec<Vec<f32>> = group.iter().map(|&i| alone[i].clone()).collect();
            assert!(bits(&found) == bits(&expected), "seed {seed}, groups of {size}: other bits than alone");
        }
    }
}

#[test]
fn an_empty_batch_has_no_vectors() {
    let batch = TokenBatch::default();
    assert!(mean_pooled(&batch, &MODEL.trunk.forward(&batch), MODEL.trunk.hidden()).is_empty());
}
