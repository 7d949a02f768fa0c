//! The embedder behind the contract of `core`: order, one vector a text, the same bits on one and on two threads.

use pllm_core::{EmbedRole, Embedder, Embedding, ErrorKind};
use pllm_models::MiniLm;
use pllm_runtime::CpuPool;

use crate::bert_golden::golden;
use crate::model::{MODEL, folder};

fn load(threads: usize) -> MiniLm {
    MiniLm::load(&folder(), CpuPool::new(threads, 16)).unwrap()
}

async fn check(embedder: &MiniLm, role: EmbedRole, texts: &[String], expected: &[Vec<f32>]) {
    let found: Vec<Embedding> = embedder.embed(role, texts.to_vec()).await.unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.values().iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits()));
    }
}

#[tokio::test]
async fn threads_roles_and_company_do_not_change_a_bit() {
    // Every fifth text, so that long and short ones meet.
    let all = golden().cases.into_iter().flat_map(|case| case.texts);
    let texts: Vec<String> = all.step_by(5).collect();
    let expected: Vec<Vec<f32>> = texts.iter().flat_map(|text| MODEL.embed(&[text])).collect();
    for threads in [1, 2] {
        let embedder = load(threads);
        check(&embedder, EmbedRole::Document, &texts, &expected).await;
        check(&embedder, EmbedRole::Query, &texts[..1], &expected[..1]).await;
        check(&embedder, EmbedRole::Document, &[], &[]).await;
    }
}

#[test]
fn says_what_it_is() {
    let info = load(1).info();
    assert_eq!((info.model.as_str(), info.dimension, info.max_tokens), ("all-minilm-l6-v2", 384, 256));
    assert!(info.normalised);
    assert_eq!(info.languages.iter().map(ToString::to_string).collect::<Vec<_>>(), ["en"]);
}

#[test]
fn a_folder_without_a_model_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let error = MiniLm::load(folder.path(), CpuPool::new(1, 1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
