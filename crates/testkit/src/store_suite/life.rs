//! The life of stores: opened, opened again, restarted, dropped, listed, and never in each other's way.

use super::case::{
    Case, Entry, Outcome, cases, everything, expect_error, found, ids, keyword, nearest, overwrite, write,
};
use super::sample::{document, documents, schema, with_vectors};
use crate::random::Random;
use pllm_core::{
    Bm25Variant, Document, DocumentStore, DuplicatePolicy, Embedding, ErrorKind, Filter, Result, Schema,
    SearchQuery, Visible,
};
use pllm_text::Language;
use std::sync::Arc;

pub(super) const CASES: &[Entry] = cases![
    Nothing: a_restart_changes_nothing,
    Nothing: an_empty_store_survives_a_restart,
    Nothing: opening_twice_gives_the_same_store,
    Nothing: another_schema_is_a_conflict,
    Nothing: a_dropped_store_is_gone,
    Nothing: stores_are_listed_in_order,
    Nothing: two_collections_never_meet,
    Nothing: two_generations_never_meet,
    Nothing: an_engine_says_how_it_is,
];

/// All that can be seen of a store.
#[derive(Debug, PartialEq)]
struct Seen {
    documents: Vec<Document>,
    count: u64,
    filtered: Vec<String>,
    searches: Vec<Vec<Document>>,
}

async fn look(case: &Case, store: &Arc<dyn DocumentStore>, dimension: usize) -> Result<Seen> {
    let filter = Filter::parse("id < 2024-01-01 or content != \"x\"")?;
    let mut queries: Vec<SearchQuery> = Vec::new();
    if case.able.keyword {
        let texts = ["common", "word7", "word1 word2 common walrus", "heron"];
        queries.extend(texts.map(|text| keyword(text, 20, None)));
        queries.push(keyword("common", 20, Some(&filter)));
    }
    if case.able.embedding {
        let mut random = Random::new(21);
        for _ in 0..5 {
            let query = Embedding::new(random.unit_vector(dimension))?;
            queries.extend([nearest(&query, 20, None), nearest(&query, 20, Some(&filter))]);
        }
    }
    let mut searches = Vec::new();
    for query in &queries {
        searches.push(store.search(query).await?);
    }
    Ok(Seen {
        documents: everything(store, None).await?,
        count: store.count(None).await?,
        filtered: ids(&everything(store, Some(&filter)).await?),
        searches,
    })
}

/// Writes, overwrites and deletes, twice, with a restart after each round.
async fn a_restart_changes_nothing(case: &mut Case) -> Outcome {
    let schema = schema(32);
    let mut store = case.open_with(&schema).await?;
    for round in 0..2 {
        let batch = with_vectors(200, 32, 22 + round)?;
        store.write(batch.clone(), DuplicatePolicy::Overwrite, Visible::OnReturn).await?;
        overwrite(&store, batch[20..60].iter().rev().cloned().collect()).await?;
        overwrite(&store, documents(&[("d003", "walrus"), (&format!("new{round}"), "heron")])?).await?;
        store.delete(&Filter::parse("id in [d000, d021, d150, d199]")?).await?;
        let before = look(case, &store, 32).await?;
        case.restart(store).await?;
        store = case.open_with(&schema).await?;
        let after = look(case, &store, 32).await?;
        assert_eq!(after, before, "round {round}");
    }
    assert_eq!(store.count(None).await?, 198);
    Ok(())
}

async fn an_empty_store_survives_a_restart(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    case.restart(store).await?;
    assert!(case.backend().list().await?.contains(&case.key("main", 1)?), "an empty store is not listed");
    let store = case.open().await?;
    assert_eq!(look(case, &store, 4).await?.documents, []);
    write(&store, documents(&[("a", "walrus")])?).await?;
    store.delete(&Filter::And(Vec::new())).await?;
    case.restart(store).await?;
    let store = case.open().await?;
    assert_eq!(store.count(None).await?, 0);
    Ok(())
}

async fn opening_twice_gives_the_same_store(case: &mut Case) -> Outcome {
    let (first, second) = (case.open().await?, case.open().await?);
    write(&first, documents(&[("a", "walrus")])?).await?;
    assert_eq!(ids(&everything(&second, None).await?), ["a"]);
    expect_error(write(&second, documents(&[("a", "x")])?).await, ErrorKind::Conflict, "the other's id")?;
    write(&second, documents(&[("b", "heron")])?).await?;
    assert_eq!(ids(&everything(&first, None).await?), ["a", "b"]);
    if case.able.keyword {
        assert_eq!(found(&first, "heron").await?, ["b"]);
    }
    drop(first);
    assert_eq!(second.delete(&Filter::parse("id = a")?).await?, 1);
    assert_eq!(ids(&everything(&case.open().await?, None).await?), ["b"]);
    Ok(())
}

async fn another_schema_is_a_conflict(case: &mut Case) -> Outcome {
    let made_with = schema(4);
    let mut store = case.open_with(&made_with).await?;
    write(&store, with_vectors(3, 4, 23)?).await?;
    let changes: [fn(&mut Schema); 5] = [
        |schema| schema.dimension = 5,
        |schema| schema.languages = vec![Language::ENGLISH],
        |schema| schema.keyword.k1 = 1.5,
        |schema| schema.keyword.variant = Bm25Variant::Plus,
        |schema| schema.keyword.analysis_version += 1,
    ];
    for round in ["while open", "after a restart"] {
        for change in changes {
            let mut other = made_with.clone();
            change(&mut other);
            let opened = case.open_with(&other).await;
            expect_error(opened, ErrorKind::Conflict, &format!("{other:?} {round}"))?;
        }
        case.restart(store).await?;
        if round == "while open" {
            // The first opening after the restart is one of those refused.
            let opened = case.open_with(&schema(8)).await;
            expect_error(opened, ErrorKind::Conflict, "dimension 8 after a restart")?;
        }
        store = case.open_with(&made_with).await?;
        assert_eq!(store.count(None).await?, 3, "a refused opening changed the store");
    }
    Ok(())
}

async fn a_dropped_store_is_gone(case: &mut Case) -> Outcome {
    let key = case.key("main", 1)?;
    assert!(!case.backend().drop_store(&key).await?, "it was never there");
    let store = case.open().await?;
    write(&store, documents(&[("a", "walrus")])?).await?;
    drop(store);
    assert!(case.backend().drop_store(&key).await?);
    assert!(!case.backend().list().await?.contains(&key));
    assert!(!case.backend().drop_store(&key).await?, "it was dropped before");
    // Another schema is fine now, and nothing of before is there.
    let store = case.open_with(&schema(8)).await?;
    assert_eq!(store.count(None).await?, 0);
    if case.able.keyword {
        assert_eq!(found(&store, "walrus").await?, [""; 0]);
    }
    write(&store, with_vectors(3, 8, 24)?).await?;
    case.restart(store).await?;
    assert_eq!(case.open_with(&schema(8)).await?.count(None).await?, 3);
    Ok(())
}

async fn stores_are_listed_in_order(case: &mut Case) -> Outcome {
    let mut expected = Vec::new();
    for (part, generation) in [("b", 2), ("a", 1), ("b", 10), ("b", 1), ("c.d_e", 1)] {
        let key = case.key(part, generation)?;
        case.backend().open(&key, &schema(4)).await?;
        expected.push(key);
    }
    expected.sort();
    let mine = |list: Vec<pllm_core::StoreKey>| -> Vec<pllm_core::StoreKey> {
        list.into_iter().filter(|key| expected.contains(key)).collect()
    };
    assert_eq!(mine(case.backend().list().await?), expected);
    let list = case.backend().list().await?;
    assert!(list.is_sorted(), "{list:?}");
    Ok(())
}

/// The same calls on one store leave no trace in the other, whose Documents have the same ids.
async fn check_apart(case: &Case, one: &Arc<dyn DocumentStore>, two: &Arc<dyn DocumentStore>) -> Outcome {
    let batch = with_vectors(20, 4, 25)?;
    write(one, batch.clone()).await?;
    assert_eq!(look(case, two, 4).await?.count, 0, "a write is seen next door");
    let own: Vec<Document> =
        batch.iter().rev().cloned().map(|d| Document { content: "walrus".to_owned(), ..d }).collect();
    write(two, own).await?;
    let (first, second) = (look(case, one, 4).await?, look(case, two, 4).await?);
    overwrite(one, vec![document("d003", "heron")?]).await?;
    one.delete(&Filter::parse("id != d007")?).await?;
    assert_eq!(look(case, two, 4).await?, second, "a change is seen next door");
    two.delete(&Filter::And(Vec::new())).await?;
    assert_eq!(ids(&everything(one, None).await?), ["d007"]);
    if case.able.keyword {
        assert_eq!(found(one, "walrus common").await?, ["d007"]);
        assert_eq!(found(two, "walrus common").await?, [""; 0]);
    }
    assert_eq!(first.documents.len(), 20);
    Ok(())
}

async fn two_collections_never_meet(case: &mut Case) -> Outcome {
    let (backend, schema) = (case.backend(), schema(4));
    let one = backend.open(&case.key("one", 1)?, &schema).await?;
    let two = backend.open(&case.key("two", 1)?, &schema).await?;
    check_apart(case, &one, &two).await?;
    drop(two);
    assert!(backend.drop_store(&case.key("two", 1)?).await?);
    assert_eq!(one.count(None).await?, 1, "dropping a store empties another");
    Ok(())
}

async fn two_generations_never_meet(case: &mut Case) -> Outcome {
    let (backend, schema) = (case.backend(), schema(4));
    let one = backend.open(&case.key("main", 1)?, &schema).await?;
    let two = backend.open(&case.key("main", 2)?, &schema).await?;
    check_apart(case, &one, &two).await?;
    drop(one);
    assert!(backend.drop_store(&case.key("main", 1)?).await?);
    write(&two, documents(&[("a", "walrus")])?).await?;
    assert!(backend.list().await?.contains(&case.key("main", 2)?));
    assert_eq!(ids(&everything(&two, None).await?), ["a"]);
    Ok(())
}

async fn an_engine_says_how_it_is(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, with_vectors(20, 4, 26)?).await?;
    let health = case.backend().check().await?;
    assert_eq!(health.faults, [""; 0]);
    assert!(!health.version.is_empty());
    assert!((0.0..60.0).contains(&health.latency_seconds), "{}", health.latency_seconds);
    let info = store.info();
    assert!(!info.engine.is_empty());
    assert_eq!(info.schema, schema(4));
    assert_eq!(info.capabilities, case.able, "what the factory declares");
    assert!(info.embedding_score_range.0 < info.embedding_score_range.1);
    Ok(())
}
