//! The metadata database: revisions become current in one step, leftovers are found, a newer format is refused.

use crate::fixture::{Outcome, ensure, plain};
use libtest_mimic::Trial;
use pllm_app::metadata::{
    CollectionRecord, CollectionSettings, FinishedRevision, JobState, LeftoverKind, MetaStore, NewRevision,
    RevisionDetail, SourceKind, SourceScope, SqliteMetaStore,
};
use pllm_core::{CollectionId, ErrorKind, IdentitySeal, SourceId};
use pllm_runtime::CpuPool;
use std::path::Path;
use std::sync::Arc;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("metadata::a_revision_is_seen_when_it_is_finished", revisions),
        plain("metadata::what_was_not_finished_is_left_over_after_a_restart", leftovers),
        plain("metadata::names_are_taken_once", names),
        plain("metadata::jobs_of_a_dead_process_are_interrupted", jobs),
        plain("metadata::a_newer_format_is_refused", newer),
    ]
}

fn open(folder: &Path) -> pllm_core::Result<SqliteMetaStore> {
    SqliteMetaStore::open(&folder.join("pllm.sqlite"), Arc::new(IdentitySeal), CpuPool::new(1, 16))
}

fn collection(id: &str, name: &str) -> pllm_core::Result<CollectionRecord> {
    let settings = CollectionSettings {
        store: "memory".into(),
        embedder: "m".into(),
        dimension: 3,
        languages: vec!["de".into()],
    };
    Ok(CollectionRecord {
        id: CollectionId::new(id)?,
        name: name.into(),
        settings,
        generation: 1,
        deleting: false,
        created_at: 5,
    })
}

fn revision(source: &str, kind: SourceKind, parent: Option<&str>) -> pllm_core::Result<NewRevision> {
    Ok(NewRevision {
        source: SourceId::new(source)?,
        kind,
        parent: parent.map(SourceId::new).transpose()?,
        fingerprint: "f".into(),
        bytes: 7,
        detail: RevisionDetail {
            name: source.into(),
            path: format!("/{source}"),
            ..RevisionDetail::default()
        },
    })
}

fn finished(source: &str, revision: u32) -> pllm_core::Result<FinishedRevision> {
    Ok(FinishedRevision {
        source: SourceId::new(source)?,
        revision,
        text_bytes: 1,
        documents: 2,
        language: Some("en".into()),
    })
}

async fn revisions() -> Outcome {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path())?;
    let record = collection("c1", "notes")?;
    let id = record.id.clone();
    store.create_collection(record).await?;
    let new =
        vec![revision("table", SourceKind::Dataset, None)?, revision("row", SourceKind::Row, Some("table"))?];
    ensure(store.begin_revisions(&id, new).await? == [1, 1], || "first revisions".to_owned())?;
    ensure(store.sources(&id, SourceScope::Top).await?.is_empty(), || "nothing is current yet".to_owned())?;
    ensure(store.pending(&id).await?.len() == 2, || "two are pending".to_owned())?;
    ensure(store.languages(&id).await?.is_empty(), || "no language is told yet".to_owned())?;
    store.finish_revisions(&id, vec![finished("table", 1)?, finished("row", 1)?], Vec::new()).await?;
    ensure(store.languages(&id).await? == [("en".to_owned(), 1)], || {
        "a dataset has no language of its own".to_owned()
    })?;
    let rows = store.sources(&id, SourceScope::RowsOf(SourceId::new("table")?)).await?;
    ensure(rows.len() == 1 && rows[0].detail.path == "/row" && rows[0].documents == 2, || {
        format!("{rows:?}")
    })?;
    ensure(store.sources(&id, SourceScope::WithText).await? == rows, || {
        "a dataset has no text of its own".to_owned()
    })?;

    ensure(
        store.begin_revisions(&id, vec![revision("row", SourceKind::Row, Some("table"))?]).await? == [2],
        || "second".to_owned(),
    )?;
    store.finish_revisions(&id, vec![finished("row", 2)?], Vec::new()).await?;
    let left = store.leftovers(Some(&id)).await?;
    ensure(left.len() == 1 && (left[0].revision, left[0].kind) == (1, LeftoverKind::Obsolete), || {
        format!("{left:?}")
    })?;
    ensure(store.pending(&id).await?.is_empty(), || "what is obsolete was finished".to_owned())?;
    store.forget(left).await?;
    ensure(store.leftovers(None).await?.is_empty(), || "nothing is left".to_owned())?;

    ensure(store.begin_source_delete(&id, vec![SourceId::new("table")?]).await? == 2, || {
        "the row goes with its table".to_owned()
    })?;
    ensure(store.sources(&id, SourceScope::WithText).await?.is_empty(), || "it is gone at once".to_owned())?;
    let left = store.leftovers(Some(&id)).await?;
    ensure(left.len() == 2, || format!("{left:?}"))?;
    let missing = store
        .finish_revisions(&id, vec![finished("row", 9)?], Vec::new())
        .await
        .map_err(|error| error.kind());
    ensure(missing == Err(ErrorKind::NotFound), || format!("{missing:?}"))
}

async fn leftovers() -> Outcome {
    let folder = tempfile::tempdir()?;
    let record = collection("c1", "notes")?;
    let id = record.id.clone();
    {
        let store = open(folder.path())?;
        store.create_collection(record.clone()).await?;
        store.begin_revisions(&id, vec![revision("a", SourceKind::File, None)?]).await?;
    }
    let store = open(folder.path())?;
    ensure(store.collections().await? == [record], || "the collection is there".to_owned())?;
    let left = store.leftovers(None).await?;
    ensure(left.len() == 1 && left[0].kind == LeftoverKind::Pending, || format!("{left:?}"))?;
    ensure(store.pending(&id).await? == left, || "it is pending".to_owned())?;
    store.forget(left).await?;
    ensure(store.pending(&id).await?.is_empty(), || "nothing is pending".to_owned())?;
    ensure(store.begin_revisions(&id, vec![revision("a", SourceKind::File, None)?]).await? == [1], || {
        "forgotten".to_owned()
    })
}

async fn names() -> Outcome {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path())?;
    store.create_collection(collection("c1", "notes")?).await?;
    let again = store.create_collection(collection("c2", "notes")?).await.map_err(|error| error.kind());
    ensure(again == Err(ErrorKind::Conflict), || format!("{again:?}"))?;
    store.begin_collection_delete(&CollectionId::new("c1")?).await?;
    store.create_collection(collection("c2", "notes")?).await?;
    store.remove_collection(&CollectionId::new("c1")?).await?;
    ensure(store.collections().await?.len() == 1, || "one is left".to_owned())
}

async fn jobs() -> Outcome {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path())?;
    let record = collection("c1", "notes")?;
    let id = record.id.clone();
    store.create_collection(record).await?;
    let (first, second) = (store.start_job(&id, 3).await?, store.start_job(&id, 4).await?);
    store.job_progress(first, 2).await?;
    store.end_job(first, JobState::Failed, vec!["a.txt: broken".to_owned()]).await?;
    ensure(store.interrupt_jobs().await? == 1, || "one was running".to_owned())?;
    let jobs = store.jobs(&id).await?;
    let told: Vec<_> =
        jobs.iter().map(|job| (job.id, job.state, job.done, job.total, job.ended_at.is_some())).collect();
    let expected = [(second, JobState::Interrupted, 0, 4, true), (first, JobState::Failed, 2, 3, true)];
    ensure(told == expected, || format!("{told:?}"))
}

async fn newer() -> Outcome {
    let folder = tempfile::tempdir()?;
    drop(open(folder.path())?);
    rusqlite::Connection::open(folder.path().join("pllm.sqlite"))?
        .execute("UPDATE format SET version = 99", [])?;
    let error = open(folder.path()).err().map(|error| (error.kind(), error.to_string()));
    ensure(
        error
            .as_ref()
            .is_some_and(|(kind, text)| *kind == ErrorKind::Unsupported && text.contains("format 99")),
        || format!("{error:?}"),
    )
}
