//! A server that goes away and comes back: nothing acknowledged is lost, nothing is half done, and callers are told.

use super::case::{
    Case, Entry, Outcome, cases, everything, expect_error, found, ids, keyword, nearest, overwrite, write,
};
use super::sample::{document, schema, with_vectors};
use libtest_mimic::Failed;
use pllm_core::{Document, DocumentStore, Embedding, Error, ErrorKind, Filter, Result};
use std::fmt::Debug;
use std::sync::Arc;
use tokio::sync::mpsc;

pub(super) const CASES: &[Entry] = cases![
    Server: a_batch_that_is_cut_off_is_there_whole_or_not_at_all,
    Server: an_overwrite_that_is_cut_off_replaced_all_or_nothing,
    Server: calls_answer_right_or_say_that_the_server_is_away,
    Server: a_store_opens_once_the_server_is_back,
];

/// Enough for several requests, so that the end comes in the middle of one batch.
const BATCH: usize = 800;

/// The Documents of batch `n`, all with its own word.
fn batch(n: usize, prefix: &str) -> Result<Vec<Document>> {
    let numbered = |k: usize| format!("{prefix}-{k:03}");
    let vectors = with_vectors(BATCH, 4, 90 + n as u64)?;
    vectors
        .into_iter()
        .enumerate()
        .map(|(k, Document { embedding, .. })| {
            Ok(Document { embedding, ..document(&numbered(k), &format!("batch{n}"))? })
        })
        .collect()
}

/// Whether an error says that the server is not there, and what to do about it.
fn says_away(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout) && error.cure().is_some()
}

fn expect_away<T: Debug>(outcome: Result<T>, what: &str) -> Outcome {
    match outcome {
        Err(error) if says_away(&error) => Ok(()),
        other => Err(format!("{what}: {other:?}, expected that the server is said to be away").into()),
    }
}

/// Writes batches one after another, each told to `done`, until one fails.
async fn write_until_it_fails(store: Arc<dyn DocumentStore>, done: mpsc::UnboundedSender<usize>) -> Error {
    for n in 0.. {
        let written = match batch(n, &format!("b{n}")) {
            Ok(batch) => write(&store, batch).await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            return error;
        }
        // Nobody listens any more once the server is being stopped.
        let _ = done.send(n);
    }
    unreachable!("there is always a next batch")
}

async fn a_batch_that_is_cut_off_is_there_whole_or_not_at_all(case: &mut Case) -> Outcome {
    let mut store = case.open().await?;
    let (sender, mut done) = mpsc::unbounded_channel();
    let writer = tokio::spawn(write_until_it_fails(Arc::clone(&store), sender));
    while done.recv().await.is_some_and(|n| n < 1) {}
    case.stop_server().await?;
    let failure = writer.await?;
    assert!(says_away(&failure), "{failure:?}");
    let mut acknowledged = 2;
    while done.try_recv().is_ok() {
        acknowledged += 1;
    }
    case.resume_server().await?;
    for round in ["when it is back", "after a restart"] {
        let there = check_batches(&store, acknowledged).await?;
        if case.able.keyword {
            let first = store.search(&keyword("batch0", 10_000, None)).await?.len();
            assert_eq!(first, BATCH, "{round}");
            let cut_off = store.search(&keyword(&format!("batch{acknowledged}"), 10_000, None)).await?.len();
            assert_eq!(cut_off, BATCH * (there - acknowledged), "{round}");
        }
        case.restart(store).await?;
        store = case.open().await?;
    }
    write(&store, vec![document("last", "heron")?]).await?;
    assert_eq!(ids(&everything(&store, None).await?).last().map(String::as_str), Some("last"));
    Ok(())
}

/// What was acknowledged is there in order, and of the next batch everything or nothing; gives the number of batches.
async fn check_batches(store: &Arc<dyn DocumentStore>, acknowledged: usize) -> Result<usize, Failed> {
    let there = ids(&everything(store, None).await?);
    let batches = there.len() / BATCH;
    assert!([acknowledged, acknowledged + 1].contains(&batches), "{} documents", there.len());
    let mut expected = Vec::new();
    for n in 0..batches {
        expected.extend(ids(&batch(n, &format!("b{n}"))?));
    }
    assert_eq!(there, expected);
    assert_eq!(store.count(None).await?, expected.len() as u64);
    Ok(batches)
}

async fn an_overwrite_that_is_cut_off_replaced_all_or_nothing(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, batch(0, "same")?).await?;
    let (sender, mut begun) = mpsc::unbounded_channel();
    let writing = Arc::clone(&store);
    let writer = tokio::spawn(async move {
        for n in 1.. {
            overwrite(&writing, batch(n, "same")?).await?;
            let _ = sender.send(n);
        }
        Ok::<(), Error>(())
    });
    let mut last = begun.recv().await.ok_or("nothing was overwritten")?;
    case.stop_server().await?;
    let failure = writer.await?.err().ok_or("a write without a server")?;
    assert!(says_away(&failure), "{failure:?}");
    while let Ok(n) = begun.try_recv() {
        last = n;
    }
    case.resume_server().await?;
    let there = everything(&store, None).await?;
    assert_eq!(there.len(), BATCH);
    let word = there[0].content.clone();
    assert!([format!("batch{last}"), format!("batch{}", last + 1)].contains(&word), "{word} after {last}");
    assert!(there.iter().all(|document| document.content == word), "two versions at once");
    if case.able.keyword {
        assert_eq!(store.search(&keyword(&word, 10_000, None)).await?.len(), BATCH);
        assert_eq!(found(&store, "batch0").await?, [""; 0]);
    }
    Ok(())
}

async fn calls_answer_right_or_say_that_the_server_is_away(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let documents = with_vectors(40, 4, 95)?;
    let query = documents[7].embedding.clone().ok_or("has a vector")?;
    write(&store, documents).await?;
    let before = look(case, &store, &query).await?;
    case.stop_server().await?;
    expect_away(write(&store, vec![document("new", "walrus")?]).await, "write")?;
    expect_away(store.delete(&Filter::parse("id = d003 or content = x")?).await, "delete")?;
    expect_away(case.backend().check().await, "check")?;
    for (away, there) in look_each(case, &store, &query).await.into_iter().zip(&before) {
        match away {
            Ok(seen) => assert_eq!(&seen, there, "an answer without the server"),
            Err(error) => assert!(says_away(&error), "{error:?}"),
        }
    }
    case.resume_server().await?;
    assert_eq!(case.backend().check().await?.faults, [""; 0]);
    let mut after = look(case, &store, &query).await?;
    if after != before {
        // What was to be deleted may be gone, as its caller was told nothing else.
        store.flush().await?;
        after.iter_mut().for_each(|seen| seen.retain(|id| id != "d003"));
        let without = |seen: &Vec<String>| seen.iter().filter(|id| *id != "d003").cloned().collect();
        let rest: Vec<Vec<String>> = before.iter().map(without).collect();
        assert_eq!(after, rest);
    }
    write(&store, vec![document("new", "walrus")?]).await?;
    Ok(())
}

/// The ids that each reading call gives.
async fn look(case: &Case, store: &Arc<dyn DocumentStore>, query: &Embedding) -> Result<Vec<Vec<String>>> {
    look_each(case, store, query).await.into_iter().collect()
}

async fn look_each(
    case: &Case,
    store: &Arc<dyn DocumentStore>,
    query: &Embedding,
) -> Vec<Result<Vec<String>>> {
    let filter = Filter::And(Vec::new());
    let mut seen = vec![
        everything(store, None).await.map(|found| ids(&found)),
        everything(store, Some(&filter)).await.map(|found| ids(&found)),
    ];
    if case.able.keyword {
        seen.push(found(store, "common").await);
    }
    if case.able.embedding {
        // Only the best ones: what was deleted does not move others in.
        seen.push(store.search(&nearest(query, 40, None)).await.map(|found| ids(&found)));
    }
    seen
}

async fn a_store_opens_once_the_server_is_back(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, vec![document("a", "walrus")?]).await?;
    case.restart(store).await?;
    case.stop_server().await?;
    expect_away(case.open().await, "open")?;
    expect_away(case.backend().drop_store(&case.key("main", 1)?).await, "drop")?;
    case.resume_server().await?;
    expect_error(case.open_with(&schema(5)).await, ErrorKind::Conflict, "another dimension")?;
    assert_eq!(ids(&everything(&case.open().await?, None).await?), ["a"]);
    Ok(())
}
