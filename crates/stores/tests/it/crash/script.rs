//! What the writer does: seeded steps over a few ids, and what a store holds after them.

use pllm_core::{
    Bm25Variant, CollectionId, Comparison, Document, DocumentId, DocumentStore, DuplicatePolicy, Embedding,
    Filter, KeywordParameters, MetaValue, Result, Schema, Similarity, StoreKey, Visible,
};
use pllm_testkit::random::Random;
use pllm_text::Language;

const IDS: usize = 150;
const DIMENSION: usize = 16;
const FILLER: [&str; 5] = [" walrus", " heron", " pelican", " otter", " badger"];

/// One acknowledged unit of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Documents as (id, version), in place of older versions.
    Write(Vec<(String, u64)>),
    /// Ids, known or not.
    Delete(Vec<String>),
}

/// Ids and versions in write order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State(pub(crate) Vec<(String, u64)>);

pub(crate) fn key() -> Result<StoreKey> {
    Ok(StoreKey { collection: CollectionId::new("crash")?, generation: 1 })
}

pub(crate) fn schema() -> Schema {
    Schema {
        dimension: DIMENSION,
        similarity: Similarity::Cosine,
        languages: vec![Language::ENGLISH],
        keyword: KeywordParameters {
            analysis_version: pllm_text::ANALYSIS_VERSION,
            variant: Bm25Variant::Okapi,
            k1: 1.2,
            b: 0.75,
            delta: 0.0,
        },
    }
}

/// `count` steps of a seed. Versions are never used twice, as long as seeds are not.
pub(crate) fn steps(seed: u64, count: usize) -> Vec<Step> {
    let mut random = Random::new(seed);
    let mut step = |n: usize| {
        let mut ids = || -> Vec<String> {
            (0..1 + random.below(6)).map(|_| format!("d{:03}", random.below(IDS))).collect()
        };
        let (ids, version) = (ids(), seed * 10_000 + n as u64);
        if n % 4 == 3 {
            return Step::Delete(ids);
        }
        Step::Write(ids.into_iter().enumerate().map(|(k, id)| (id, version * 10 + k as u64)).collect())
    };
    (0..count).map(&mut step).collect()
}

impl Step {
    pub(crate) async fn run(&self, store: &dyn DocumentStore) -> Result<()> {
        match self {
            Self::Write(versions) => {
                let documents = versions.iter().map(|(id, version)| document(id, *version));
                let documents = documents.collect::<Result<Vec<_>>>()?;
                store.write(documents, DuplicatePolicy::Overwrite, Visible::OnReturn).await.map(drop)
            }
            Self::Delete(ids) => {
                let ids = ids.iter().map(|id| id.as_str().into()).collect();
                let filter = Filter::compare("id", Comparison::In, MetaValue::List(ids));
                store.delete(&filter).await.map(drop)
            }
        }
    }
}

impl State {
    pub(crate) fn apply(&mut self, step: &Step) {
        match step {
            Step::Write(versions) => {
                for (id, version) in versions {
                    self.0.retain(|(known, _)| known != id);
                    self.0.push((id.clone(), *version));
                }
            }
            Step::Delete(ids) => self.0.retain(|(known, _)| !ids.contains(known)),
        }
    }
}

/// The Document of a version: a word of its own, then filler of a few bytes to many pages.
pub(crate) fn document(id: &str, version: u64) -> Result<Document> {
    let mut random = Random::new(version);
    let filler = if random.below(12) == 0 { 4_000 } else { random.below(120) };
    let mut content = word(version);
    for _ in 0..filler {
        content.push_str(FILLER[random.below(FILLER.len())]);
    }
    let mut document = Document::new(DocumentId::new(id)?, content);
    document.meta.insert("version".to_owned(), MetaValue::Int(version.cast_signed()));
    document.embedding = Some(Embedding::new(random.unit_vector(DIMENSION))?);
    Ok(document)
}

/// A word that only this version has.
pub(crate) fn word(version: u64) -> String {
    format!("version{version}")
}
