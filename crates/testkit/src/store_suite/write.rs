//! Writing: what each policy does with ids that are there already, and that a refused batch leaves nothing.

use super::case::{
    Case, Entry, Outcome, cases, everything, expect_error, found, ids, keyword, nearest, overwrite, write,
};
use super::sample::{document, documents, schema, with_vectors};
use pllm_core::DuplicatePolicy::{Fail, Overwrite, Skip};
use pllm_core::{Document, DuplicatePolicy, Embedding, ErrorKind, Filter, Visible, WriteReport};

pub(super) const CASES: &[Entry] = cases![
    Nothing: an_empty_batch_writes_nothing,
    Nothing: policies_do_what_they_say,
    Nothing: fail_writes_nothing_of_the_batch,
    Nothing: a_wrong_dimension_writes_nothing_of_the_batch,
    Keyword: overwriting_changes_what_words_find,
    Embedding: overwriting_changes_what_vectors_find,
    Keyword: without_embedding_only_words_find,
    Nothing: written_on_return_is_there_at_once,
    Nothing: written_on_flush_is_there_after_the_flush,
    Nothing: a_large_batch_is_written_whole,
];

async fn an_empty_batch_writes_nothing(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    for policy in [Fail, Skip, Overwrite] {
        let report = store.write(Vec::new(), policy, Visible::OnReturn).await?;
        assert_eq!(report, WriteReport::default(), "{policy:?}");
    }
    assert_eq!(store.count(None).await?, 0);
    Ok(())
}

/// Over the Documents a = 1 and b = 1: a batch, what is reported, and the Documents afterwards, in order.
type PolicyRow = (DuplicatePolicy, &'static [(&'static str, &'static str)], [u64; 3], &'static str);

const POLICIES: &[PolicyRow] = &[
    (Fail, &[("c", "2"), ("d", "2")], [2, 0, 0], "a=1 b=1 c=2 d=2"),
    (Skip, &[("c", "2"), ("a", "2"), ("d", "2")], [2, 0, 1], "a=1 b=1 c=2 d=2"),
    (Skip, &[("c", "2"), ("c", "3")], [1, 0, 1], "a=1 b=1 c=2"),
    (Skip, &[("a", "2"), ("b", "2")], [0, 0, 2], "a=1 b=1"),
    (Overwrite, &[("a", "2")], [0, 1, 0], "b=1 a=2"),
    (Overwrite, &[("c", "2"), ("a", "2")], [1, 1, 0], "b=1 c=2 a=2"),
    (Overwrite, &[("c", "2"), ("d", "2"), ("c", "3")], [2, 1, 0], "a=1 b=1 d=2 c=3"),
    (Overwrite, &[("a", "2"), ("b", "2"), ("a", "3")], [0, 3, 0], "b=2 a=3"),
];

async fn policies_do_what_they_say(case: &mut Case) -> Outcome {
    for (n, (policy, batch, [written, overwritten, skipped], expected)) in POLICIES.iter().enumerate() {
        let store = case.backend().open(&case.key(&n.to_string(), 1)?, &schema(4)).await?;
        write(&store, documents(&[("a", "1"), ("b", "1")])?).await?;
        let report = store.write(documents(batch)?, *policy, Visible::OnReturn).await?;
        let reported = WriteReport { written: *written, overwritten: *overwritten, skipped: *skipped };
        assert_eq!(report, reported, "{policy:?} {batch:?}");
        let there: Vec<String> =
            everything(&store, None).await?.iter().map(|d| format!("{}={}", d.id, d.content)).collect();
        assert_eq!(there.join(" "), *expected, "{policy:?} {batch:?}");
        assert_eq!(store.count(None).await?, there.len() as u64, "{policy:?} {batch:?}");
    }
    Ok(())
}

async fn fail_writes_nothing_of_the_batch(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, documents(&[("a", "first")])?).await?;
    for batch in [
        documents(&[("b", "new"), ("a", "second"), ("c", "new")])?,
        documents(&[("b", "new"), ("c", "new"), ("b", "newer")])?,
    ] {
        expect_error(write(&store, batch).await, ErrorKind::Conflict, "a known id")?;
        let there = everything(&store, None).await?;
        assert_eq!((ids(&there), there[0].content.as_str()), (vec!["a".to_owned()], "first"));
        if case.able.keyword {
            assert_eq!(found(&store, "new newer second").await?, [""; 0]);
        }
    }
    assert_eq!(
        write(&store, documents(&[("b", "new")])?).await?.written,
        1,
        "writing goes on after a refusal"
    );
    Ok(())
}

async fn a_wrong_dimension_writes_nothing_of_the_batch(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    for dimension in [1, 3, 5, 384] {
        let mut batch = with_vectors(3, 4, 1)?;
        batch[1].embedding = Some(Embedding::new(vec![1.0; dimension])?);
        expect_error(write(&store, batch).await, ErrorKind::InvalidInput, &format!("dimension {dimension}"))?;
        assert_eq!(store.count(None).await?, 0, "dimension {dimension}");
    }
    assert_eq!(write(&store, with_vectors(3, 4, 1)?).await?.written, 3);
    Ok(())
}

async fn overwriting_changes_what_words_find(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, documents(&[("a", "walrus"), ("b", "walrus")])?).await?;
    overwrite(&store, documents(&[("a", "pelican")])?).await?;
    assert_eq!(found(&store, "walrus").await?, ["b"]);
    assert_eq!(found(&store, "pelican").await?, ["a"]);
    overwrite(&store, documents(&[("b", "pelican"), ("b", "heron")])?).await?;
    assert_eq!(found(&store, "walrus").await?, [""; 0]);
    assert_eq!(found(&store, "pelican heron").await?.len(), 2);
    assert_eq!(found(&store, "heron").await?, ["b"]);
    Ok(())
}

async fn overwriting_changes_what_vectors_find(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let at = |id: &str, values: [f32; 4]| -> pllm_core::Result<Document> {
        Ok(Document { embedding: Some(Embedding::new(values.to_vec())?), ..document(id, "text")? })
    };
    let (east, north) = ([1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]);
    write(&store, vec![at("a", east)?, at("b", [0.8, 0.6, 0.0, 0.0])?]).await?;
    let nearest_to_east = nearest(&Embedding::new(east.to_vec())?, 10, None);
    assert_eq!(ids(&store.search(&nearest_to_east).await?), ["a", "b"]);
    overwrite(&store, vec![at("a", north)?]).await?;
    assert_eq!(ids(&store.search(&nearest_to_east).await?), ["b", "a"]);
    overwrite(&store, vec![document("b", "no vector any more")?]).await?;
    assert_eq!(ids(&store.search(&nearest_to_east).await?), ["a"]);
    Ok(())
}

async fn without_embedding_only_words_find(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let mut batch = with_vectors(4, 4, 1)?;
    batch[2].embedding = None;
    let query = batch[0].embedding.clone().ok_or("the first has a vector")?;
    write(&store, batch).await?;
    assert_eq!(store.search(&keyword("common", 10, None)).await?.len(), 4);
    if case.able.embedding {
        let mut by_vector = ids(&store.search(&nearest(&query, 10, None)).await?);
        by_vector.sort();
        assert_eq!(by_vector, ["d000", "d001", "d003"]);
    }
    Ok(())
}

/// Every call that reads, right after each of several writes, overwrites and deletes.
async fn written_on_return_is_there_at_once(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    for (n, own) in with_vectors(12, 4, 2)?.into_iter().enumerate() {
        let (id, word) = (own.id.clone(), format!("walrus{n}"));
        write(&store, vec![own.clone()]).await?;
        let vector = own.embedding.clone().ok_or("has a vector")?;
        overwrite(&store, vec![Document { content: word.clone(), ..own }]).await?;
        assert_eq!(store.get(std::slice::from_ref(&id)).await?[0].content, word);
        assert_eq!(store.count(None).await?, 1, "round {n}");
        assert_eq!(ids(&everything(&store, None).await?), [id.as_str()]);
        if case.able.keyword {
            assert_eq!(found(&store, &word).await?, [id.as_str()]);
        }
        if case.able.embedding {
            assert_eq!(ids(&store.search(&nearest(&vector, 5, None)).await?), [id.as_str()]);
        }
        let own = Filter::compare("id", pllm_core::Comparison::Equal, id.as_str().into());
        assert_eq!(store.delete(&own).await?, 1, "round {n}");
        assert_eq!(store.count(None).await?, 0, "round {n}");
    }
    Ok(())
}

async fn written_on_flush_is_there_after_the_flush(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let report = store.write(documents(&[("a", "walrus")])?, Fail, Visible::OnFlush).await?;
    assert_eq!(report, WriteReport { written: 1, ..WriteReport::default() });
    store.flush().await?;
    assert_eq!(store.count(None).await?, 1);
    if case.able.keyword {
        assert_eq!(found(&store, "walrus").await?, ["a"]);
    }
    Ok(())
}

async fn a_large_batch_is_written_whole(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let batch: Vec<Document> =
        (0..2_500).map(|n| document(&format!("d{n:04}"), "text")).collect::<pllm_core::Result<_>>()?;
    let written = ids(&batch);
    assert_eq!(write(&store, batch).await?.written, 2_500);
    assert_eq!(ids(&everything(&store, None).await?), written);
    Ok(())
}
