//! Reading without a search: pages and their cursors, Documents by id, deleting by filter.

use super::case::{Case, Entry, Outcome, cases, everything, found, ids, nearest, overwrite, walk, write};
use super::sample::{document, documents, with_meta, with_vectors};
use pllm_core::{Cursor, Document, DocumentId, DocumentStore, Filter, Result};
use serde_json::json;
use std::sync::Arc;

pub(super) const CASES: &[Entry] = cases![
    Nothing: pages_show_each_document_once_in_write_order,
    Nothing: pages_that_come_out_even_end,
    Nothing: pages_without_a_limit_have_the_stores_own_size,
    Nothing: ten_thousand_documents_are_walked_once,
    Nothing: pages_survive_changes_between_them,
    Nothing: get_keeps_the_order_asked,
    Nothing: deleting_counts_exactly,
    Keyword: deleted_documents_are_not_found_by_words,
    Embedding: deleted_documents_are_not_found_by_vectors,
    Nothing: deleted_ids_can_be_written_again,
];

/// `count` Documents `d0000`, … of which every third has `kind = "third"`, written in batches of 500.
async fn write_many(
    store: &Arc<dyn DocumentStore>,
    count: usize,
) -> Result<Vec<String>, libtest_mimic::Failed> {
    let mut all = Vec::new();
    for n in 0..count {
        let kind = if n % 3 == 0 { "third" } else { "other" };
        all.push(with_meta(document(&format!("d{n:04}"), "text")?, json!({"kind": kind, "n": n}))?);
    }
    for batch in all.chunks(500) {
        write(store, batch.to_vec()).await?;
    }
    Ok(ids(&all))
}

async fn pages_show_each_document_once_in_write_order(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let written = write_many(&store, 1_000).await?;
    assert_eq!(ids(&walk(&store, None, 7).await?), written);
    let thirds: Vec<String> = written.iter().step_by(3).cloned().collect();
    assert_eq!(ids(&walk(&store, Some(&Filter::parse("kind = third")?), 7).await?), thirds);
    let none = walk(&store, Some(&Filter::parse("kind = nothing")?), 7).await?;
    assert!(none.is_empty(), "{none:?}");
    Ok(())
}

async fn pages_that_come_out_even_end(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let empty = store.fetch(None, Cursor { limit: 5, after: 0 }).await?;
    assert!(empty.documents.is_empty() && empty.next.is_none(), "{empty:?}");
    write_many(&store, 10).await?;
    for limit in [1, 2, 5, 10, 11] {
        assert_eq!(walk(&store, None, limit).await?.len(), 10, "limit {limit}");
    }
    Ok(())
}

async fn pages_without_a_limit_have_the_stores_own_size(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let written = write_many(&store, 300).await?;
    let (mut seen, mut cursor) = (Vec::new(), Some(Cursor::default()));
    while let Some(at) = cursor {
        let page = store.fetch(None, at).await?;
        seen.extend(ids(&page.documents));
        cursor = page.next;
    }
    assert_eq!(seen, written);
    Ok(())
}

/// With and without a filter, and from a cursor in the middle.
async fn ten_thousand_documents_are_walked_once(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let written = write_many(&store, 10_000).await?;
    assert_eq!(ids(&walk(&store, None, 1_000).await?), written);
    let thirds: Vec<String> = written.iter().step_by(3).cloned().collect();
    let filter = Filter::parse("kind = third")?;
    assert_eq!(ids(&walk(&store, Some(&filter), 999).await?), thirds);
    assert_eq!(store.count(Some(&filter)).await?, thirds.len() as u64);
    let first = store.fetch(Some(&filter), Cursor { limit: 1_000, after: 0 }).await?;
    let next = first.next.ok_or("there are more")?;
    let middle = ids(&store.fetch(Some(&filter), next).await?.documents);
    assert_eq!(middle, thirds[1_000..2_000], "the cursor of the first page");
    assert_eq!(ids(&store.fetch(Some(&filter), next).await?.documents), middle, "the same cursor once more");
    Ok(())
}

async fn pages_survive_changes_between_them(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let written = write_many(&store, 100).await?;
    let (mut seen, mut cursor) = (Vec::new(), Some(Cursor { limit: 7, after: 0 }));
    while let Some(at) = cursor {
        let page = store.fetch(None, at).await?;
        if seen.len() == 21 {
            // Before, at and after the place of the cursor.
            store.delete(&Filter::parse("n in [3, 20, 21, 22, 60]")?).await?;
            overwrite(&store, documents(&[("d0004", "moved"), ("d0050", "moved"), ("new", "new")])?).await?;
        }
        seen.extend(ids(&page.documents));
        cursor = page.next;
    }
    let changed = ["d0003", "d0020", "d0021", "d0022", "d0060", "d0004", "d0050", "new"];
    seen.retain(|id| !changed.contains(&id.as_str()));
    let untouched: Vec<String> = written.into_iter().filter(|id| !changed.contains(&id.as_str())).collect();
    assert_eq!(seen, untouched);
    Ok(())
}

async fn get_keeps_the_order_asked(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, documents(&[("a", "1"), ("b", "2"), ("c", "3")])?).await?;
    let check = async |asked: &[&str], expected: &[&str]| -> Outcome {
        let asked = asked.iter().map(|id| DocumentId::new(id)).collect::<Result<Vec<_>>>()?;
        assert_eq!(ids(&store.get(&asked).await?), expected, "{asked:?}");
        Ok(())
    };
    check(&[], &[]).await?;
    check(&["c", "a", "b"], &["c", "a", "b"]).await?;
    check(&["x", "b", "y", "a"], &["b", "a"]).await?;
    check(&["B", "a ", "' or 1=1 --"], &[]).await?;
    Ok(())
}

async fn deleting_counts_exactly(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let nothing_yet = store.delete(&Filter::And(Vec::new())).await?;
    assert_eq!(nothing_yet, 0);
    write_many(&store, 100).await?;
    for (filter, expected) in [
        ("kind = third", 34),
        ("kind = third", 0),
        ("n < 10", 6),
        ("id = d0011", 1),
        ("id = d0011", 0),
        ("id in [d0013, d0014, unknown]", 2),
    ] {
        assert_eq!(store.delete(&Filter::parse(filter)?).await?, expected, "{filter}");
    }
    assert_eq!(store.count(None).await?, 57);
    assert_eq!(everything(&store, None).await?.len(), 57);
    assert_eq!(store.delete(&Filter::And(Vec::new())).await?, 57);
    assert_eq!((store.count(None).await?, everything(&store, None).await?.len()), (0, 0));
    Ok(())
}

async fn deleted_documents_are_not_found_by_words(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, documents(&[("a", "walrus heron"), ("b", "walrus"), ("c", "heron")])?).await?;
    store.delete(&Filter::parse("id = a")?).await?;
    assert_eq!(found(&store, "walrus").await?, ["b"]);
    assert_eq!(found(&store, "heron").await?, ["c"]);
    store.delete(&Filter::parse("id = b")?).await?;
    assert_eq!(found(&store, "walrus").await?, [""; 0]);
    Ok(())
}

async fn deleted_documents_are_not_found_by_vectors(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let batch = with_vectors(50, 4, 3)?;
    let query = batch[7].embedding.clone().ok_or("has a vector")?;
    write(&store, batch).await?;
    store.delete(&Filter::parse("id in [d007, d008, d049]")?).await?;
    let mut left = ids(&store.search(&nearest(&query, 100, None)).await?);
    left.sort();
    let expected: Vec<String> =
        (0..50).filter(|n| ![7, 8, 49].contains(n)).map(|n| format!("d{n:03}")).collect();
    assert_eq!(left, expected);
    Ok(())
}

async fn deleted_ids_can_be_written_again(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, documents(&[("a", "walrus"), ("b", "heron")])?).await?;
    for round in 0..3 {
        assert_eq!(store.delete(&Filter::parse("id = a")?).await?, 1, "round {round}");
        let again: Vec<Document> = documents(&[("a", "pelican")])?;
        assert_eq!(write(&store, again).await?.written, 1, "round {round}");
        assert_eq!(ids(&everything(&store, None).await?), ["b", "a"]);
    }
    if case.able.keyword {
        assert_eq!(found(&store, "pelican").await?, ["a"]);
        assert_eq!(found(&store, "walrus").await?, [""; 0]);
    }
    Ok(())
}
