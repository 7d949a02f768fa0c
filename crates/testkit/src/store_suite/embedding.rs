//! Search by vector: the nearest ones, measured against all of them by the formula.

use super::case::{Case, Entry, Outcome, cases, check_ranking, expect_error, ids, nearest, write};
use super::sample::{document, schema, with_meta, with_vectors};
use crate::plain_store::cosine;
use crate::random::Random;
use pllm_core::{Document, Embedding, ErrorKind, Filter, Result};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

pub(super) const CASES: &[Entry] = cases![
    Embedding: the_nearest_are_those_of_an_exhaustive_search,
    Embedding: scores_are_cosines,
    Embedding: length_does_not_matter,
    Embedding: equal_vectors_go_by_id,
    Embedding: top_k_is_kept,
    Embedding: the_filter_is_inside_the_search,
    Embedding: a_query_of_another_dimension_is_refused,
    Embedding: a_zero_vector_breaks_nothing,
    Embedding: near_duplicates_are_told_apart,
];

const DIMENSION: usize = 384;
/// An 8-bit scan and 16-bit rows may cost this much of a cosine.
const TOLERANCE: f64 = 2e-3;

/// Ids by cosine with `query`, best first.
fn exhaustive(documents: &[Document], query: &Embedding) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = documents
        .iter()
        .filter_map(|document| Some((document.id.to_string(), document.embedding.as_ref()?)))
        .map(|(id, embedding)| (id, cosine(embedding.values(), query.values())))
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

async fn the_nearest_are_those_of_an_exhaustive_search(case: &mut Case) -> Outcome {
    let store = case.open_with(&schema(DIMENSION)).await?;
    let documents = with_vectors(500, DIMENSION, 7)?;
    write(&store, documents.clone()).await?;
    let mut random = Random::new(8);
    let (mut hits, mut wrong_order) = (0, Vec::new());
    for n in 0..100 {
        let query = Embedding::new(random.unit_vector(DIMENSION))?;
        let truth = exhaustive(&documents, &query);
        let best: Vec<&String> = truth.iter().take(10).map(|(id, _)| id).collect();
        let found = store.search(&nearest(&query, 10, None)).await?;
        check_ranking(&found)?;
        hits += ids(&found).iter().filter(|id| best.contains(id)).count();
        let cosines: HashMap<&str, f64> = truth.iter().map(|(id, cosine)| (id.as_str(), *cosine)).collect();
        for pair in found.windows(2) {
            let gap = cosines[pair[1].id.as_str()] - cosines[pair[0].id.as_str()];
            if gap > TOLERANCE {
                wrong_order.push((n, gap));
            }
        }
    }
    assert!(
        hits >= 999,
        "recall@10 is {}, expected at least 0.999",
        f64::from(u32::try_from(hits)?) / 1000.0
    );
    assert!(wrong_order.is_empty(), "neighbours in the wrong order, (query, by): {wrong_order:?}");
    Ok(())
}

async fn scores_are_cosines(case: &mut Case) -> Outcome {
    let store = case.open_with(&schema(DIMENSION)).await?;
    let documents = with_vectors(100, DIMENSION, 9)?;
    write(&store, documents.clone()).await?;
    let (low, high) = store.info().embedding_score_range;
    let mut random = Random::new(10);
    let own = documents[3].embedding.clone().ok_or("has a vector")?;
    let opposite = Embedding::new(own.values().iter().map(|x| -x).collect::<Vec<f32>>())?;
    let other = Embedding::new(random.unit_vector(DIMENSION))?;
    for query in [own, opposite, other] {
        let truth: HashMap<String, f64> = exhaustive(&documents, &query).into_iter().collect();
        let found = store.search(&nearest(&query, 100, None)).await?;
        assert_eq!(found.len(), 100);
        check_ranking(&found)?;
        for document in &found {
            let (score, cosine) = (document.score.unwrap_or(f64::NAN), truth[document.id.as_str()]);
            assert!((score - cosine).abs() <= TOLERANCE, "{}: {score}, cosine {cosine}", document.id);
            assert!((low..=high).contains(&score), "{score} is outside {low} to {high}");
        }
    }
    Ok(())
}

async fn length_does_not_matter(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let at = |id: &str, values: [f32; 4]| -> Result<Document> {
        Ok(Document { embedding: Some(Embedding::new(values.to_vec())?), ..document(id, "text")? })
    };
    let near = [0.9, 0.1, 0.0, 0.0];
    write(
        &store,
        vec![
            at("long", [0.0, 1e4, 1e4, 0.0])?,
            at("near", near)?,
            at("tiny", [1e-4, 1e-4, 0.0, 0.0])?,
            at("back", [-5.0, 0.0, 0.0, 0.0])?,
        ],
    )
    .await?;
    for scale in [1.0, 1e3, 1e-3] {
        let query = Embedding::new(near.map(|x| x * scale).to_vec())?;
        let found = store.search(&nearest(&query, 10, None)).await?;
        assert_eq!(ids(&found), ["near", "tiny", "long", "back"], "scale {scale}");
        let best = found[0].score.unwrap_or(f64::NAN);
        assert!((best - 1.0).abs() <= TOLERANCE, "scale {scale}: {best}");
    }
    Ok(())
}

async fn equal_vectors_go_by_id(case: &mut Case) -> Outcome {
    let store = case.open_with(&schema(DIMENSION)).await?;
    let same = Embedding::new(Random::new(11).unit_vector(DIMENSION))?;
    let mut batch = with_vectors(100, DIMENSION, 12)?;
    let mut expected = Vec::new();
    for n in (0..100).rev().step_by(9) {
        batch[n].embedding = Some(same.clone());
        expected.insert(0, batch[n].id.to_string());
    }
    batch.reverse();
    write(&store, batch).await?;
    let found = store.search(&nearest(&same, expected.len(), None)).await?;
    assert_eq!(ids(&found), expected);
    let fewer = store.search(&nearest(&same, 3, None)).await?;
    assert_eq!(ids(&fewer), expected[..3], "the first ids also where the cut goes through a tie");
    Ok(())
}

async fn top_k_is_kept(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let batch = with_vectors(30, 4, 13)?;
    let query = batch[0].embedding.clone().ok_or("has a vector")?;
    assert!(store.search(&nearest(&query, 10, None)).await?.is_empty(), "an empty store has no neighbours");
    write(&store, batch).await?;
    for (top_k, expected) in [(0, 0), (1, 1), (29, 29), (30, 30), (31, 30), (1_000_000, 30)] {
        let found = store.search(&nearest(&query, top_k, None)).await?;
        assert_eq!(found.len(), expected, "top {top_k}");
        assert!(found.iter().all(|document| document.embedding.is_none()), "a search gives vectors back");
    }
    Ok(())
}

async fn the_filter_is_inside_the_search(case: &mut Case) -> Outcome {
    let store = case.open_with(&schema(DIMENSION)).await?;
    let query = Embedding::new(Random::new(14).unit_vector(DIMENSION))?;
    let mut documents = with_vectors(400, DIMENSION, 15)?;
    let ranked = exhaustive(&documents, &query);
    let worst: Vec<String> = ranked.iter().rev().take(6).map(|(id, _)| id.clone()).collect();
    for document in &mut documents {
        let chosen = worst.contains(&document.id.to_string());
        *document = with_meta(document.clone(), json!({"chosen": chosen}))?;
    }
    write(&store, documents).await?;
    let filter = Filter::parse("chosen = true")?;
    let expected: BTreeSet<String> = worst.into_iter().collect();
    for top_k in [1, 5, 6, 50] {
        let found = store.search(&nearest(&query, top_k, Some(&filter))).await?;
        let there = BTreeSet::from_iter(ids(&found));
        assert_eq!((found.len(), there.len()), (top_k.min(6), top_k.min(6)), "top {top_k}");
        assert!(there.is_subset(&expected), "top {top_k}: {there:?}");
    }
    let nothing = Filter::parse("chosen = maybe")?;
    assert!(store.search(&nearest(&query, 10, Some(&nothing))).await?.is_empty());
    Ok(())
}

async fn a_query_of_another_dimension_is_refused(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    for round in ["an empty store", "a store with vectors"] {
        for dimension in [1, 3, 5, 384] {
            let query = Embedding::new(vec![0.5; dimension])?;
            let found = store.search(&nearest(&query, 10, None)).await;
            expect_error(found, ErrorKind::InvalidInput, &format!("dimension {dimension} in {round}"))?;
        }
        if store.count(None).await? == 0 {
            write(&store, with_vectors(5, 4, 16)?).await?;
        }
    }
    Ok(())
}

/// A vector without direction has no cosine; what it must not do is spoil the order of the others.
async fn a_zero_vector_breaks_nothing(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let mut batch = with_vectors(10, 4, 17)?;
    batch[4].embedding = Some(Embedding::new(vec![0.0; 4])?);
    let query = batch[5].embedding.clone().ok_or("has a vector")?;
    write(&store, batch).await?;
    let found = store.search(&nearest(&query, 20, None)).await?;
    check_ranking(&found)?;
    assert_eq!(found[0].id.as_str(), "d005");
    assert!(found.len() >= 9, "{:?}", ids(&found));
    check_ranking(&store.search(&nearest(&Embedding::new(vec![0.0; 4])?, 20, None)).await?)?;
    Ok(())
}

/// Five hundred vectors within a few thousandths of each other: what an 8-bit scan alone cannot order.
async fn near_duplicates_are_told_apart(case: &mut Case) -> Outcome {
    let store = case.open_with(&schema(DIMENSION)).await?;
    let mut random = Random::new(18);
    let (centre, mut documents) = (random.unit_vector(DIMENSION), with_vectors(500, DIMENSION, 19)?);
    for document in &mut documents {
        let noise = random.unit_vector(DIMENSION);
        let mixed: Vec<f32> = centre.iter().zip(noise).map(|(c, x)| c + 0.2 * x).collect();
        document.embedding = Some(Embedding::new(mixed)?);
    }
    write(&store, documents.clone()).await?;
    let query = documents[250].embedding.clone().ok_or("has a vector")?;
    let truth = exhaustive(&documents, &query);
    let found = store.search(&nearest(&query, 10, None)).await?;
    assert_eq!(found[0].id.as_str(), "d250");
    for document in &found {
        let cosine = truth.iter().find(|(id, _)| *id == document.id.as_str()).map_or(f64::NAN, |(_, c)| *c);
        // Nothing that is better than what was found by more than 16-bit rows lose is left out.
        assert!(cosine >= truth[9].1 - 2e-4, "{} has {cosine}, the tenth best {}", document.id, truth[9].1);
    }
    Ok(())
}
