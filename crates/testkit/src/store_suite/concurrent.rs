//! Several at once: writers that want the same ids, readers while one writes.

use super::case::{
    Case, Entry, Outcome, cases, check_ranking, everything, found, ids, keyword, nearest, write,
};
use super::sample::{document, with_vectors};
use crate::random::Random;
use libtest_mimic::Failed;
use pllm_core::{
    Document, DocumentStore, DuplicatePolicy, Embedding, Filter, Result, SearchQuery, Visible, WriteReport,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) const CASES: &[Entry] = cases![
    Nothing: writers_of_the_same_ids_end_consistent,
    Nothing: one_of_many_failing_writers_wins,
    Nothing: searches_run_while_a_writer_writes,
    Nothing: writers_of_two_stores_do_not_mix,
];

const TASKS: usize = 8;
const BATCHES: usize = 20;
const BATCH: usize = 5;
const IDS: usize = 120;
/// Of each 20 that are written while others read, this many are written again.
const OVERWRITTEN: usize = 5;

/// The batches of a task: seeded ids out of those that all tasks share; each text is a word that no other write has.
fn batches(task: usize) -> Result<Vec<Vec<Document>>> {
    let mut random = Random::new(40 + task as u64);
    let batch = |n: usize, random: &mut Random| {
        (0..BATCH)
            .map(|k| document(&format!("d{:03}", random.below(IDS)), &format!("t{task}b{n}k{k}")))
            .collect()
    };
    (0..BATCHES).map(|n| batch(n, &mut random)).collect()
}

async fn write_batches(store: Arc<dyn DocumentStore>, task: usize) -> Result<WriteReport> {
    let policy = if task.is_multiple_of(2) { DuplicatePolicy::Overwrite } else { DuplicatePolicy::Skip };
    let mut sum = WriteReport::default();
    for batch in batches(task)? {
        let report = store.write(batch, policy, Visible::OnReturn).await?;
        assert_eq!(report.written + report.overwritten + report.skipped, BATCH as u64);
        sum.written += report.written;
        sum.overwritten += report.overwritten;
        sum.skipped += report.skipped;
    }
    Ok(sum)
}

async fn writers_of_the_same_ids_end_consistent(case: &mut Case) -> Outcome {
    let mut store = case.open().await?;
    let tasks: Vec<_> =
        (0..TASKS).map(|task| tokio::spawn(write_batches(Arc::clone(&store), task))).collect();
    let mut written = 0;
    for task in tasks {
        written += task.await??.written;
    }
    let mut candidates: HashMap<String, Vec<String>> = HashMap::new();
    for document in (0..TASKS).map(batches).collect::<Result<Vec<_>>>()?.into_iter().flatten().flatten() {
        candidates.entry(document.id.to_string()).or_default().push(document.content);
    }
    for round in ["after writing", "after a restart"] {
        let there = everything(&store, None).await?;
        let by_id: BTreeMap<String, &Document> = there.iter().map(|d| (d.id.to_string(), d)).collect();
        assert_eq!(by_id.len(), there.len(), "an id twice {round}");
        assert_eq!(by_id.len(), candidates.len(), "ids missing {round}");
        assert_eq!((written, store.count(None).await?), (there.len() as u64, there.len() as u64), "{round}");
        for document in &there {
            let wrote = &candidates[document.id.as_str()];
            assert!(
                wrote.contains(&document.content),
                "{} holds {:?} {round}",
                document.id,
                document.content
            );
            if case.able.keyword {
                check_words(&store, document, wrote).await?;
            }
        }
        case.restart(store).await?;
        store = case.open().await?;
    }
    Ok(())
}

/// A Document is found by the word it holds, and not by those that it does not hold any more.
async fn check_words(store: &Arc<dyn DocumentStore>, document: &Document, wrote: &[String]) -> Outcome {
    assert_eq!(found(store, &document.content).await?, [document.id.as_str()]);
    for other in wrote.iter().filter(|word| **word != document.content) {
        assert_eq!(found(store, other).await?, [""; 0], "{} by {other}", document.id);
    }
    Ok(())
}

async fn one_of_many_failing_writers_wins(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    for round in 0..10 {
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let own = document(&format!("r{round}own{task}"), "own")?;
                    write(&store, vec![own, document(&format!("r{round}"), &format!("t{task}"))?]).await
                })
            })
            .collect();
        let mut winners = Vec::new();
        for (task, outcome) in tasks.into_iter().enumerate() {
            match outcome.await? {
                Ok(_) => winners.push(task),
                Err(error) => assert_eq!(error.kind(), pllm_core::ErrorKind::Conflict, "{error}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}: {winners:?}");
    }
    assert_eq!(store.count(None).await?, 20, "a loser's batch was written in part");
    Ok(())
}

async fn searches_run_while_a_writer_writes(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let batch = with_vectors(400, 4, 41)?;
    let query = batch[0].embedding.clone().ok_or("has a vector")?;
    let done = Arc::new(AtomicBool::new(false));
    let queries = queries(case, &query)?;
    let readers: Vec<_> = (0..3)
        .map(|_| tokio::spawn(read_until(Arc::clone(&store), queries.clone(), Arc::clone(&done))))
        .collect();
    for (n, part) in batch.chunks(20).enumerate() {
        write(&store, part.to_vec()).await?;
        let policy = DuplicatePolicy::Overwrite;
        store.write(part[..OVERWRITTEN].to_vec(), policy, Visible::OnReturn).await?;
        store.delete(&Filter::parse(&format!("id = d{:03}", n * 20 + 10))?).await?;
    }
    done.store(true, Ordering::Release);
    for reader in readers {
        assert!(reader.await?? > 0, "nobody read while it was written");
    }
    assert_eq!(store.count(None).await?, 380);
    Ok(())
}

fn queries(case: &Case, query: &Embedding) -> Result<Vec<SearchQuery>> {
    let filter = Filter::parse("content != x")?;
    let mut queries = Vec::new();
    for filter in [None, Some(&filter)] {
        if case.able.keyword {
            queries.push(keyword("common", 1_000, filter));
        }
        if case.able.embedding {
            queries.push(nearest(query, 1_000, filter));
        }
    }
    Ok(queries)
}

/// Reads until `done`; gives the number of rounds. Whatever is found is whole, once, and in order.
async fn read_until(
    store: Arc<dyn DocumentStore>,
    queries: Vec<SearchQuery>,
    done: Arc<AtomicBool>,
) -> Result<u64, Failed> {
    let mut rounds = 0;
    loop {
        let last = done.load(Ordering::Acquire);
        for query in &queries {
            let found = store.search(query).await?;
            check_ranking(&found)?;
            check_whole(&found);
        }
        // Between two pages an overwritten Document may move to the end and be seen again.
        let mut walked = everything(&store, None).await?;
        walked.retain(|document| number(document) % 20 >= OVERWRITTEN);
        check_whole(&walked);
        rounds += 1;
        if last {
            return Ok(rounds);
        }
    }
}

fn check_whole(documents: &[Document]) {
    let mut seen = ids(documents);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), documents.len(), "a document is there twice");
    for document in documents {
        assert_eq!(document.content, format!("common word{}", number(document)));
    }
}

/// The number in the id of one of `with_vectors`.
fn number(document: &Document) -> usize {
    document.id.as_str()[1..].parse().unwrap_or(usize::MAX)
}

async fn writers_of_two_stores_do_not_mix(case: &mut Case) -> Outcome {
    let (backend, schema) = (case.backend(), super::sample::schema(4));
    let (one, two) = (
        backend.open(&case.key("one", 1)?, &schema).await?,
        backend.open(&case.key("two", 1)?, &schema).await?,
    );
    let writes = |store: &Arc<dyn DocumentStore>, word: &'static str| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for n in 0..30 {
                write(&store, vec![document(&format!("d{n:02}"), word)?]).await?;
            }
            Ok::<(), pllm_core::Error>(())
        })
    };
    let (first, second) = (writes(&one, "walrus"), writes(&two, "heron"));
    first.await??;
    second.await??;
    for (store, own) in [(&one, "walrus"), (&two, "heron")] {
        let there = everything(store, None).await?;
        assert_eq!(there.len(), 30);
        assert!(there.iter().all(|document| document.content == own), "{own}");
    }
    Ok(())
}
