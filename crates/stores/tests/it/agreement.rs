//! The embedded store beside the plain one: the same seeded life, the same answers and, but for rounding, the same scores.

use crate::memory;
use libtest_mimic::{Failed, Trial};
use pllm_core::{
    Bm25Variant, Capabilities, CollectionId, Document, DocumentId, DocumentStore, DuplicatePolicy, Embedding,
    Filter, KeywordParameters, MetaValue, Result, Schema, SearchQuery, Similarity, StoreBackend, StoreKey,
    Visible,
};
use pllm_testkit::plain_store::PlainStores;
use pllm_testkit::random::Random;
use pllm_text::Language;
use std::sync::Arc;

const STEPS: usize = 120;
const DIMENSION: usize = 24;
/// Sums of the same terms in another order.
const WORDS_TOLERANCE: f64 = 1e-9;
/// What 16-bit rows may cost of a cosine.
const VECTORS_TOLERANCE: f64 = 2e-3;

/// Words with inflections, in three scripts; the first ones are frequent, the last ones rare.
const WORDS: &[&str] = &[
    "the",
    "is",
    "die",
    "und",
    "的",
    "walrus",
    "walruses",
    "engine",
    "engines",
    "running",
    "Haus",
    "Häuser",
    "gelaufen",
    "laufen",
    "图书馆",
    "闭馆",
    "café",
    "Cafe",
    "1,250",
    "heron",
    "1990s",
    "naïve",
    "straße",
    "pelican",
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::test("memory::agreement::answers_as_the_plain_store_does", answers_as_the_plain_store_does)]
}

fn answers_as_the_plain_store_does() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let key = StoreKey { collection: CollectionId::new("agreement")?, generation: 1 };
        let plain = PlainStores::new(Capabilities { keyword: true, embedding: true });
        let plain = plain.open(&key, &schema()).await?;
        let mut embedded = memory::backend(folder.path()).open(&key, &schema()).await?;
        let mut random = Random::new(60);
        for step in 0..STEPS {
            change(&mut random, &*plain, &*embedded).await?;
            for _ in 0..4 {
                compare(&mut random, &*plain, &*embedded).await?;
            }
            if step % 40 == 39 {
                drop(embedded);
                embedded = memory::backend(folder.path()).open(&key, &schema()).await?;
            }
        }
        Ok(())
    })
}

fn schema() -> Schema {
    Schema {
        dimension: DIMENSION,
        similarity: Similarity::Cosine,
        languages: ["en", "de", "zh"].into_iter().filter_map(Language::parse).collect(),
        keyword: KeywordParameters {
            analysis_version: pllm_text::ANALYSIS_VERSION,
            variant: Bm25Variant::Okapi,
            k1: 0.9,
            b: 0.4,
            delta: 0.0,
        },
    }
}

/// A write or a delete, done to both.
async fn change(
    random: &mut Random,
    plain: &dyn DocumentStore,
    embedded: &dyn DocumentStore,
) -> Result<(), Failed> {
    if random.below(4) == 0 {
        let filter = filter(random)?;
        assert_eq!(embedded.delete(&filter).await?, plain.delete(&filter).await?, "delete {filter}");
        return Ok(());
    }
    let batch: Vec<Document> = (0..random.below(12)).map(|_| document(random)).collect::<Result<_>>()?;
    let policy = *random.pick(&[DuplicatePolicy::Overwrite, DuplicatePolicy::Skip]);
    let expected = plain.write(batch.clone(), policy, Visible::OnReturn).await?;
    assert_eq!(embedded.write(batch, policy, Visible::OnReturn).await?, expected);
    Ok(())
}

fn document(random: &mut Random) -> Result<Document> {
    let length = random.below(30);
    let mut document =
        Document::new(DocumentId::new(&format!("d{:02}", random.below(80)))?, text(random, length));
    document.language = Language::parse(random.pick::<&str>(&["en", "de", "zh", "fr", "none"]));
    document.meta.insert("year".to_owned(), MetaValue::Int(2000 + random.below(20) as i64));
    if random.below(3) == 0 {
        document.meta.insert("title".to_owned(), MetaValue::String(text(random, 3)));
    }
    if random.below(8) != 0 {
        document.embedding = Some(Embedding::new(random.unit_vector(DIMENSION))?);
    }
    Ok(document)
}

/// `length` words, the frequent ones more often.
fn text(random: &mut Random, length: usize) -> String {
    let mut word = || {
        let end = 1 + random.below(WORDS.len());
        WORDS[random.below(end)]
    };
    (0..length).map(|_| word()).collect::<Vec<_>>().join(" ")
}

fn filter(random: &mut Random) -> Result<Filter> {
    let year = 2000 + random.below(20);
    let short = match random.below(4) {
        0 => format!("year = {year}"),
        1 => format!("year > {year} and document.language != de"),
        2 => format!("not (year in [{year}, 2003, 2011]) and id > 2020-01-01"),
        _ => format!("document.language in [fr, null] and year < {year}"),
    };
    Filter::parse(&short)
}

async fn compare(
    random: &mut Random,
    plain: &dyn DocumentStore,
    embedded: &dyn DocumentStore,
) -> Result<(), Failed> {
    let filter = if random.below(2) == 0 { None } else { Some(Arc::new(filter(random)?)) };
    assert_eq!(embedded.count(filter.as_deref()).await?, plain.count(filter.as_deref()).await?, "{filter:?}");
    let (length, top_k) = (1 + random.below(5), 1 + random.below(30));
    let words = SearchQuery::Keyword { text: text(random, length).into(), top_k, filter: filter.clone() };
    let embedding = Embedding::new(random.unit_vector(DIMENSION))?;
    let vector = SearchQuery::Embedding { embedding, top_k, filter };
    for (query, tolerance) in [(words, WORDS_TOLERANCE), (vector, VECTORS_TOLERANCE)] {
        let (expected, found) = (plain.search(&query).await?, embedded.search(&query).await?);
        assert_eq!(found.len(), expected.len(), "{query:?}");
        for (expected, found) in expected.iter().zip(&found) {
            let (right, score) = (expected.score.unwrap_or(f64::NAN), found.score.unwrap_or(f64::NAN));
            // The order may differ only where the scores do not.
            assert!(
                (right - score).abs() <= tolerance,
                "{query:?}: {} {score}, expected {} {right}",
                found.id,
                expected.id
            );
        }
    }
    Ok(())
}
