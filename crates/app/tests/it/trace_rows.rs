//! Rows of traces: what they say of a source goes with it, and what may hold words of a prompt with the first source of that prompt.

use crate::fixture::{Outcome, plain};
use crate::metadata::{finished, open, revision, with_collection};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use pllm_app::metadata::{
    Found, Mark, MarkRole, MetaStore, NewTrace, SourceKind, SqliteMetaStore, TraceHead, TracePart,
    TraceRecord, TraceSegment, TraceStore, Wording, WordingSentence,
};
use pllm_core::{CollectionId, SourceId};
use std::path::Path;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("trace_rows::a_trace_comes_back_as_it_was_written", whole),
        plain("trace_rows::what_is_said_of_a_source_goes_with_it", deleted),
        plain("trace_rows::of_what_is_gone_already_nothing_is_written", too_late),
        plain("trace_rows::a_replaced_revision_takes_its_part_along", replaced),
        plain("trace_rows::a_collection_takes_its_traces_along", collection),
        plain("trace_rows::traces_are_forgotten_by_age_and_by_collection", forgotten),
        plain("trace_rows::numbers_of_traces_do_not_come_back", numbers),
        plain("trace_rows::changes_of_an_index_are_counted", changes),
    ]
}

const SECRET: &str = "the combination is 4711";

/// A collection with the sources `a` and `b`.
async fn library(folder: &Path) -> anyhow::Result<(SqliteMetaStore, CollectionId)> {
    let (store, id) = with_collection(folder).await?;
    let new = vec![revision("a", SourceKind::File, None)?, revision("b", SourceKind::File, None)?];
    store.begin_revisions(&id, new).await?;
    store.finish_revisions(&id, vec![finished("a", 1)?, finished("b", 1)?], Vec::new()).await?;
    Ok((store, id))
}

fn head() -> TraceHead {
    TraceHead {
        question: "How does it open?".to_owned(),
        mode: "hybrid".to_owned(),
        filter: None,
        abstained: false,
        confidence: 0.1 + 0.2,
        score: 1.0,
        no_answer: -0.5,
        found: Found { marks: 2, ..Found::default() },
        ranks: "digest".to_owned(),
        index: Some(2),
        program: "p".to_owned(),
        timings: vec![("reader".to_owned(), 1.5)],
        writing: None,
        llm_fault: None,
    }
}

/// A trace with a passage of `a` in its prompt and a candidate in `b`.
fn trace(id: i64, collection: &CollectionId, created_at: i64) -> anyhow::Result<NewTrace> {
    let mark = |role| Mark { document: "d".to_owned(), start: 3, end: 9, role };
    let part = |source: &str, in_prompt, role| {
        Ok::<_, anyhow::Error>(TracePart {
            source: SourceId::new(source)?,
            revision: 1,
            in_prompt,
            marks: vec![mark(role)],
        })
    };
    let candidate = MarkRole::Candidate { rank: 1, score: 0.5, keyword: None, dense: None };
    let parts = vec![part("a", true, MarkRole::Passage(1))?, part("b", false, candidate)?];
    let wording = Wording {
        segments: vec![TraceSegment::Text("prompt".to_owned()), TraceSegment::Passage(1)],
        sentences: vec![WordingSentence { text: SECRET.to_owned(), missing: Vec::new() }],
    };
    let record = TraceRecord { id, collection: collection.clone(), created_at, head: head() };
    Ok(NewTrace { record, parts, wording: Some(wording) })
}

async fn delete(store: &SqliteMetaStore, collection: &CollectionId, source: &str) -> anyhow::Result<()> {
    store.begin_source_delete(collection, vec![SourceId::new(source)?]).await?;
    let left = store.leftovers(Some(collection)).await?;
    Ok(store.forget(left).await?)
}

/// Whether the files of the database hold the secret.
fn holds_secret(folder: &Path) -> anyhow::Result<bool> {
    let mut holds = false;
    for entry in std::fs::read_dir(folder)? {
        let bytes = std::fs::read(entry?.path())?;
        holds |= bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    }
    Ok(holds)
}

async fn whole() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    let new = trace(7, &id, 1)?;
    store.write_trace(new.clone()).await?;
    let stored = store.trace(7).await?.context("it is there")?;
    ensure!((&stored.record, &stored.parts) == (&new.record, &new.parts), "{stored:?}");
    ensure!(stored.wording == new.wording && store.trace(8).await?.is_none(), "{stored:?}");
    ensure!(store.traces(Some(&id), 9).await? == [new.record] && store.count_traces().await? == 1);
    Ok(())
}

async fn deleted() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    store.write_trace(trace(1, &id, 1)?).await?;
    ensure!(holds_secret(folder.path())?, "what was written is kept");
    delete(&store, &id, "b").await?;
    let stored = store.trace(1).await?.context("it is there")?;
    ensure!(stored.parts.len() == 1 && stored.wording.is_some(), "`b` was not in the prompt: {stored:?}");
    store.begin_source_delete(&id, vec![SourceId::new("a")?]).await?;
    let stored = store.trace(1).await?.context("it is there")?;
    ensure!(
        stored.parts.is_empty() && stored.wording.is_none(),
        "while it goes, it is not shown: {stored:?}"
    );
    let left = store.leftovers(Some(&id)).await?;
    store.forget(left).await?;
    let stored = store.trace(1).await?.context("the question stays")?;
    ensure!(stored.parts.is_empty() && stored.wording.is_none(), "{stored:?}");
    ensure!(!holds_secret(folder.path())?, "no byte of it is in the database");
    Ok(())
}

async fn too_late() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    delete(&store, &id, "a").await?;
    store.write_trace(trace(1, &id, 1)?).await?;
    let stored = store.trace(1).await?.context("it is there")?;
    ensure!(stored.parts.len() == 1 && stored.wording.is_none(), "{stored:?}");
    ensure!(!holds_secret(folder.path())?, "it was never written");
    store.begin_collection_delete(&id).await?;
    store.write_trace(trace(2, &id, 1)?).await?;
    ensure!(store.count_traces().await? == 1, "of a collection that is being deleted there is no trace");
    Ok(())
}

async fn replaced() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    store.write_trace(trace(1, &id, 1)?).await?;
    store.begin_revisions(&id, vec![revision("a", SourceKind::File, None)?]).await?;
    store.finish_revisions(&id, vec![finished("a", 2)?], Vec::new()).await?;
    let left = store.leftovers(Some(&id)).await?;
    store.forget(left).await?;
    let stored = store.trace(1).await?.context("it is there")?;
    ensure!(stored.parts.len() == 1 && stored.wording.is_none(), "{stored:?}");
    ensure!(!holds_secret(folder.path())?);
    Ok(())
}

async fn collection() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    store.write_trace(trace(1, &id, 1)?).await?;
    store.begin_collection_delete(&id).await?;
    ensure!(store.trace(1).await?.is_none() && store.traces(None, 9).await?.is_empty(), "it is gone at once");
    store.remove_collection(&id).await?;
    ensure!(store.count_traces().await? == 0 && !holds_secret(folder.path())?);
    Ok(())
}

async fn forgotten() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    for (number, created_at) in [(1, 10), (2, 20), (3, 30)] {
        store.write_trace(trace(number, &id, created_at)?).await?;
    }
    ensure!(store.forget_traces(None, Some(20)).await? == 1, "one is older");
    let numbers: Vec<i64> = store.traces(None, 9).await?.iter().map(|trace| trace.id).collect();
    ensure!(numbers == [3, 2] && store.traces(None, 1).await?[0].id == 3, "{numbers:?}");
    ensure!(store.forget_traces(Some(&CollectionId::new("other")?), None).await? == 0);
    ensure!(store.forget_traces(Some(&id), None).await? == 2 && store.count_traces().await? == 0);
    ensure!(!holds_secret(folder.path())?, "no byte of them is in the database");
    Ok(())
}

async fn numbers() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    ensure!(store.last_trace().await? == 0);
    store.write_trace(trace(5, &id, 1)?).await?;
    store.forget_traces(None, None).await?;
    drop(store);
    ensure!(open(folder.path())?.last_trace().await? == 5);
    Ok(())
}

async fn changes() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = library(folder.path()).await?;
    let first = store.index_changes(&id).await?.context("nothing is being read")?;
    store.begin_revisions(&id, vec![revision("c", SourceKind::File, None)?]).await?;
    ensure!(store.index_changes(&id).await?.is_none(), "a file is being read");
    store.finish_revisions(&id, vec![finished("c", 1)?], Vec::new()).await?;
    let second = store.index_changes(&id).await?.context("nothing is being read")?;
    delete(&store, &id, "c").await?;
    let third = store.index_changes(&id).await?.context("nothing is being read")?;
    ensure!(first < second && second < third, "{first} {second} {third}");
    Ok(())
}
