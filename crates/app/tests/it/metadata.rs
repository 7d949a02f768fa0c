//! The metadata database: revisions become current in one step, leftovers are found, a newer format is refused.

use crate::fixture::{Outcome, ensure, plain};
use libtest_mimic::Trial;
use pllm_app::metadata::{
    CollectionRecord, CollectionSettings, FileEnd, FileError, FileOrigin, FileProgress, FileStage, FileState,
    FinishedRevision, JobEnd, JobOptions, JobState, JobStore, LeftoverKind, MetaStore, NewJob, NewJobFile,
    NewRevision, REMEMBERED_FOR, REMEMBERED_JOBS, RevisionDetail, SourceKind, SourceScope, SqliteMetaStore,
    TraceStore,
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
        plain("metadata::what_is_deleted_while_it_is_read_stays_deleted", deleted_meanwhile),
        plain("metadata::who_reads_waits_for_nobody_who_writes", beside_a_writer),
        plain("metadata::a_job_is_claimed_once_and_ends_as_its_files_do", claimed),
        plain("metadata::jobs_of_a_dead_process_are_interrupted_and_go_on", interrupted),
        plain("metadata::a_job_is_cancelled_and_tried_again", retried),
        plain("metadata::the_queue_and_the_memory_of_jobs_are_bounded", bounded),
        plain("metadata::a_job_is_forgotten_when_it_is_removed_or_old", forgotten),
        plain("metadata::bytes_are_kept_only_while_a_job_may_need_them", kept),
        plain("metadata::an_older_format_is_brought_to_this_one", older),
        plain("metadata::format_2_is_brought_to_this_one", format_2),
        plain("metadata::a_newer_format_is_refused", newer),
    ]
}

pub(crate) fn open(folder: &Path) -> pllm_core::Result<SqliteMetaStore> {
    SqliteMetaStore::open(&folder.join("pllm.sqlite"), Arc::new(IdentitySeal), CpuPool::new(1, 16))
}

fn collection(id: &str, name: &str) -> pllm_core::Result<CollectionRecord> {
    let settings = CollectionSettings {
        store: "memory".into(),
        embedder: "m".into(),
        dimension: 3,
        local_only: false,
        prompt_template: None,
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

pub(crate) fn revision(
    source: &str,
    kind: SourceKind,
    parent: Option<&str>,
) -> pllm_core::Result<NewRevision> {
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

pub(crate) fn finished(source: &str, revision: u32) -> pllm_core::Result<FinishedRevision> {
    Ok(FinishedRevision {
        source: SourceId::new(source)?,
        revision,
        text_bytes: 1,
        documents: 2,
        language: Some("en".into()),
    })
}

async fn beside_a_writer() -> Outcome {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path())?;
    let record = collection("c1", "notes")?;
    store.create_collection(record.clone()).await?;
    let id = &record.id;
    store.begin_revisions(id, vec![revision("file", SourceKind::File, None)?]).await?;
    let writer = rusqlite::Connection::open(folder.path().join("pllm.sqlite"))?;
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE revision SET finished = 1")?;
    ensure(store.collections().await?.len() == 1, || "the collection is seen".to_owned())?;
    let pending = store.pending(id).await?;
    ensure(pending.len() == 1, || format!("what is not committed is not seen: {pending:?}"))?;
    writer.execute_batch("COMMIT")?;
    let pending = store.pending(id).await?;
    ensure(pending.is_empty(), || format!("what is committed is seen: {pending:?}"))?;
    // What was deleted leaves the log, although others have read.
    store.remove_collection(id).await?;
    let log = std::fs::metadata(folder.path().join("pllm.sqlite-wal"))?.len();
    ensure(log == 0, || format!("{log} bytes in the log"))
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

async fn deleted_meanwhile() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = with_collection(folder.path()).await?;
    store.begin_revisions(&id, vec![revision("a", SourceKind::File, None)?]).await?;
    store.finish_revisions(&id, vec![finished("a", 1)?], Vec::new()).await?;
    store.begin_revisions(&id, vec![revision("a", SourceKind::File, None)?]).await?;
    store.begin_source_delete(&id, vec![SourceId::new("a")?]).await?;
    store.finish_revisions(&id, vec![finished("a", 2)?], Vec::new()).await?;
    ensure(store.sources(&id, SourceScope::Top).await?.is_empty(), || "it does not come back".to_owned())?;
    ensure(store.leftovers(Some(&id)).await?.len() == 2, || "both revisions are left over".to_owned())?;
    store.begin_revisions(&id, vec![revision("a", SourceKind::File, None)?]).await?;
    store.finish_revisions(&id, vec![finished("a", 3)?], Vec::new()).await?;
    let there = store.sources(&id, SourceScope::Top).await?;
    ensure(there.len() == 1 && there[0].revision == 3, || format!("given in again: {there:?}"))?;
    let left = store.leftovers(Some(&id)).await?;
    ensure(left.iter().map(|left| left.revision).eq([1, 2]), || format!("{left:?}"))
}

pub(crate) async fn with_collection(folder: &Path) -> anyhow::Result<(SqliteMetaStore, CollectionId)> {
    let store = open(folder)?;
    let record = collection("c1", "notes")?;
    let id = record.id.clone();
    store.create_collection(record).await?;
    Ok((store, id))
}

fn uploads(collection: &CollectionId, paths: &[&str]) -> NewJob {
    let file = |path: &&str| NewJobFile {
        path: format!("uploads/{path}"),
        bytes: 10,
        origin: FileOrigin::Incoming(Some(format!("blob-{path}"))),
        error: None,
    };
    let options = JobOptions { content: vec!["body".to_owned()], ..JobOptions::default() };
    NewJob { collection: collection.clone(), options, files: paths.iter().map(file).collect() }
}

fn ended(number: u32, state: FileState) -> FileEnd {
    let broken = || FileError { kind: "invalid input".into(), message: "broken".into(), hint: None };
    let error = (state == FileState::Failed).then(broken);
    FileEnd { number, state, documents: 2, source: None, error }
}

async fn states(store: &SqliteMetaStore, job: i64) -> anyhow::Result<(JobState, Vec<FileState>)> {
    let state = store.job(job).await?.ok_or_else(|| anyhow::anyhow!("job {job} is not there"))?.state;
    Ok((state, store.job_files(job).await?.into_iter().map(|file| file.state).collect()))
}

async fn claimed() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = with_collection(folder.path()).await?;
    let first = store.submit_job(uploads(&id, &["a", "b", "c"]), 9).await?.id;
    let second = store.submit_job(uploads(&id, &["d"]), 9).await?.id;
    let open = store.open_work(&id).await?;
    ensure((open.jobs, open.files_left) == (2, 4), || format!("{open:?}"))?;
    let job = store.claim_job(Vec::new()).await?.ok_or_else(|| anyhow::anyhow!("one waits"))?;
    ensure((job.id, job.state, job.attempts) == (first, JobState::Running, 1), || format!("{job:?}"))?;
    ensure(job.options.content == ["body"], || format!("{job:?}"))?;
    ensure(store.claim_job(vec![id.clone()]).await?.is_none(), || "its collection is busy".to_owned())?;
    let far = FileProgress { number: 0, stage: FileStage::Index, bytes_done: 4, documents: 1 };
    store.job_progress(first, vec![far]).await?;
    let file = store.job_files(first).await?.remove(0);
    ensure(
        (file.state, file.stage, file.bytes_done) == (FileState::Reading, Some(FileStage::Index), 4),
        || format!("{file:?}"),
    )?;
    for (number, state) in [(0, FileState::Done), (1, FileState::Unchanged), (2, FileState::Failed)] {
        store.end_file(first, ended(number, state)).await?;
    }
    store.job_progress(first, vec![far]).await?;
    store.end_job(first, JobEnd::Finished).await?;
    let job = store.job(first).await?.ok_or_else(|| anyhow::anyhow!("it is there"))?;
    ensure((job.state, job.files_done, job.files_failed) == (JobState::Failed, 2, 1), || format!("{job:?}"))?;
    ensure((job.bytes_total, job.bytes_done, job.documents) == (30, 30, 6), || format!("{job:?}"))?;
    let files = store.job_files(first).await?;
    let error = files[2].error.as_ref().map(|error| error.message.as_str());
    ensure(error == Some("broken") && files[0].stage.is_none(), || format!("{files:?}"))?;
    let newest: Vec<i64> = store.jobs(Some(&id)).await?.iter().map(|job| job.id).collect();
    ensure(newest == [second, first], || format!("{newest:?}"))
}

async fn interrupted() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = with_collection(folder.path()).await?;
    let upload = store.submit_job(uploads(&id, &["a", "b"]), 9).await?.id;
    let file = NewJobFile { path: "/x".into(), bytes: 1, origin: FileOrigin::Path, error: None };
    let path = NewJob { collection: id.clone(), options: JobOptions::default(), files: vec![file] };
    let path = store.start_job(path).await?.id;
    let stopped = store.submit_job(uploads(&id, &["s"]), 9).await?.id;
    for expected in [upload, stopped] {
        let job = store.claim_job(Vec::new()).await?;
        ensure(job.as_ref().is_some_and(|job| job.id == expected), || format!("{job:?}"))?;
    }
    ensure(store.cancel_job(stopped).await? == JobState::Running, || "it has to be told".to_owned())?;
    store.end_file(upload, ended(0, FileState::Done)).await?;
    let far = FileProgress { number: 1, stage: FileStage::Convert, bytes_done: 4, documents: 1 };
    store.job_progress(upload, vec![far]).await?;
    ensure(store.interrupt_jobs().await? == 3, || "three were running".to_owned())?;
    let check = async |job, expected: (JobState, &[FileState])| {
        let (state, files) = states(&store, job).await?;
        ensure((state, files.as_slice()) == expected, || format!("{job}: {state:?} {files:?}"))
    };
    check(upload, (JobState::Interrupted, &[FileState::Done, FileState::Waiting])).await?;
    check(path, (JobState::Interrupted, &[FileState::Waiting])).await?;
    check(stopped, (JobState::Cancelled, &[FileState::Cancelled])).await?;
    ensure(store.resume_jobs().await? == 1, || "only bytes that we keep are sure to be the same".to_owned())?;
    check(upload, (JobState::Queued, &[FileState::Done, FileState::Waiting])).await?;
    for attempt in 2..=5 {
        let job = store.claim_job(Vec::new()).await?.ok_or_else(|| anyhow::anyhow!("it waits"))?;
        ensure(job.attempts == attempt, || format!("{job:?}"))?;
        store.interrupt_jobs().await?;
        let resumed = store.resume_jobs().await?;
        ensure(resumed == u64::from(attempt < 5), || "what kills the process is left alone".to_owned())?;
    }
    Ok(())
}

async fn retried() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = with_collection(folder.path()).await?;
    let job = store.submit_job(uploads(&id, &["a", "b", "c"]), 9).await?.id;
    ensure(kind(store.retry_job(job, 9).await) == Some(ErrorKind::Conflict), || "it waits still".to_owned())?;
    store.claim_job(Vec::new()).await?;
    store.end_file(job, ended(0, FileState::Done)).await?;
    store.end_file(job, ended(1, FileState::Failed)).await?;
    store.end_job(job, JobEnd::Cancelled).await?;
    let expected = (JobState::Cancelled, vec![FileState::Done, FileState::Failed, FileState::Cancelled]);
    ensure(states(&store, job).await? == expected, || "what was done stays so".to_owned())?;
    store.retry_job(job, 9).await?;
    let expected = (JobState::Queued, vec![FileState::Done, FileState::Waiting, FileState::Waiting]);
    ensure(states(&store, job).await? == expected, || "the others wait again".to_owned())?;
    let again = store.claim_job(Vec::new()).await?.ok_or_else(|| anyhow::anyhow!("it waits"))?;
    ensure((again.attempts, again.bytes_before) == (2, 10), || format!("{again:?}"))?;
    store.end_job(job, JobEnd::Released).await?;
    let released = store.job(job).await?.map(|job| (job.state, job.attempts));
    ensure(released == Some((JobState::Queued, 1)), || format!("{released:?}"))?;
    ensure(store.cancel_job(job).await? == JobState::Cancelled, || "nobody has to be told".to_owned())?;
    store.retry_job(job, 9).await?;
    store.claim_job(Vec::new()).await?;
    let error = FileError { kind: "not found".into(), message: "no model".into(), hint: None };
    store.end_job(job, JobEnd::Failed(error)).await?;
    let expected = (JobState::Failed, vec![FileState::Done, FileState::Failed, FileState::Failed]);
    ensure(states(&store, job).await? == expected, || "all of them failed by it".to_owned())?;
    let gone = kind(store.cancel_job(99).await);
    ensure(gone == Some(ErrorKind::NotFound), || format!("{gone:?}"))
}

fn kind<T>(outcome: pllm_core::Result<T>) -> Option<ErrorKind> {
    outcome.err().map(|error| error.kind())
}

async fn bounded() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = with_collection(folder.path()).await?;
    let first = store.submit_job(uploads(&id, &["first"]), 2).await?.id;
    store.submit_job(uploads(&id, &["b"]), 2).await?;
    ensure(store.check_queue(3).await.is_ok(), || "there is room for a third".to_owned())?;
    ensure(kind(store.check_queue(2).await) == Some(ErrorKind::Overloaded), || "but not here".to_owned())?;
    let full = kind(store.submit_job(uploads(&id, &["c"]), 2).await);
    ensure(full == Some(ErrorKind::Overloaded), || format!("{full:?}"))?;
    store.cancel_job(first).await?;
    let mut freed = Vec::new();
    for n in 0..REMEMBERED_JOBS {
        let job = store.submit_job(uploads(&id, &[&format!("more{n}")]), 2).await?;
        freed.extend(job.freed);
        store.cancel_job(job.id).await?;
    }
    ensure(freed.is_empty(), || format!("so many are remembered: {freed:?}"))?;
    let one_more = store.start_job(uploads(&id, &["last"])).await?;
    ensure(one_more.freed == ["blob-first"], || format!("{one_more:?}"))?;
    ensure(store.job(first).await?.is_none(), || "the oldest is forgotten".to_owned())
}

async fn forgotten() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = with_collection(folder.path()).await?;
    let mut jobs = Vec::new();
    for name in ["removed", "old", "older", "waits"] {
        jobs.push(store.submit_job(uploads(&id, &[name]), 9).await?.id);
    }
    let early = kind(store.forget_job(jobs[0]).await);
    ensure(early == Some(ErrorKind::Conflict), || format!("it waits for its turn: {early:?}"))?;
    for job in &jobs[..3] {
        store.cancel_job(*job).await?;
    }
    let removed = store.forget_job(jobs[0]).await?;
    ensure(removed == (id.clone(), vec!["blob-removed".to_owned()]), || format!("{removed:?}"))?;
    let twice = kind(store.forget_job(jobs[0]).await);
    ensure(twice == Some(ErrorKind::NotFound), || format!("{twice:?}"))?;
    let ended_long_ago = |job: i64| {
        let other = rusqlite::Connection::open(folder.path().join("pllm.sqlite"))?;
        other.execute("UPDATE job SET ended_at = ended_at - ?2 WHERE id = ?1", (job, REMEMBERED_FOR))
    };
    ended_long_ago(jobs[1])?;
    let next = store.submit_job(uploads(&id, &["next"]), 9).await?;
    ensure(next.freed == ["blob-old"], || format!("a month later: {next:?}"))?;
    ended_long_ago(jobs[2])?;
    store.interrupt_jobs().await?;
    let there = store.incoming(&id).await?;
    ensure(there == ["blob-waits", "blob-next"], || format!("or at a start: {there:?}"))
}

async fn kept() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (store, id) = with_collection(folder.path()).await?;
    let job = store.submit_job(uploads(&id, &["a", "b", "c"]), 9).await?.id;
    store.claim_job(Vec::new()).await?;
    store.end_file(job, ended(0, FileState::Done)).await?;
    store.end_file(job, ended(1, FileState::Failed)).await?;
    ensure(store.forget_incoming(&id, vec!["uploads/b".into()]).await?.is_empty(), || {
        "a job that runs keeps all it may read".to_owned()
    })?;
    store.end_file(job, ended(2, FileState::Failed)).await?;
    store.end_job(job, JobEnd::Finished).await?;
    let there = store.incoming(&id).await?;
    ensure(there == ["blob-b", "blob-c"], || format!("{there:?}"))?;
    let newer = store.submit_job(uploads(&id, &["b"]), 9).await?;
    ensure(newer.freed == ["blob-b"], || format!("{newer:?}"))?;
    ensure(store.forget_incoming(&id, vec!["uploads/c".into()]).await? == ["blob-c"], || "c".to_owned())?;
    let nothing = kind(store.retry_job(job, 9).await);
    ensure(nothing == Some(ErrorKind::Conflict), || format!("{nothing:?}"))?;
    let there = store.incoming(&id).await?;
    ensure(there == ["blob-b"], || format!("the newer job needs its own: {there:?}"))
}

async fn older() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("pllm.sqlite");
    rusqlite::Connection::open(&path)?.execute_batch(include_str!("../data/metadata-format-1.sql"))?;
    let store = open(folder.path())?;
    let collections = store.collections().await?;
    ensure(collections.len() == 1 && collections[0].name == "notes", || format!("{collections:?}"))?;
    let id = &collections[0].id;
    let top = store.sources(id, SourceScope::Top).await?;
    let names: Vec<&str> = top.iter().map(|source| source.detail.name.as_str()).collect();
    ensure(names == ["boiler.txt", "table.csv"], || format!("{names:?}"))?;
    ensure(store.sources(id, SourceScope::WithText).await?.len() == 3, || "a file and two rows".to_owned())?;
    let jobs = store.jobs(None).await?;
    ensure(jobs.len() == 1 && jobs[0].state == JobState::Failed && jobs[0].ended_at.is_some(), || {
        format!("{jobs:?}")
    })?;
    ensure(jobs[0].options == JobOptions::default(), || format!("{jobs:?}"))?;
    let next = store.submit_job(uploads(id, &["a"]), 9).await?.id;
    ensure(next == 2, || format!("numbers go on: {next}"))?;
    drop(store);
    let copies = || {
        std::fs::read_dir(folder.path()).map(|entries| {
            let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
            names.filter(|name| name.contains("before-upgrade")).count()
        })
    };
    ensure(copies()? == 1, || "the old one is kept until the new one has been opened again".to_owned())?;
    let store = open(folder.path())?;
    ensure(copies()? == 0, || "then it goes, for it would keep what is deleted".to_owned())?;
    ensure(store.jobs(None).await?.len() == 2, || "all of it is there".to_owned())
}

async fn format_2() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("pllm.sqlite");
    rusqlite::Connection::open(&path)?.execute_batch(include_str!("../data/metadata-format-2.sql"))?;
    let store = open(folder.path())?;
    let collections = store.collections().await?;
    let names: Vec<&str> = collections.iter().map(|collection| collection.name.as_str()).collect();
    ensure(names == ["notes", "second"] && collections[0].settings.local_only, || {
        format!("{collections:?}")
    })?;
    let id = &collections[0].id;
    ensure(store.sources(id, SourceScope::WithText).await?.len() == 3, || "a file and two rows".to_owned())?;
    let jobs = store.jobs(None).await?;
    ensure(jobs.len() == 1 && (jobs[0].files_done, jobs[0].files_failed) == (2, 1), || format!("{jobs:?}"))?;
    ensure(store.index_changes(id).await? == Some(0), || "changes are counted from now on".to_owned())?;
    ensure(store.traces(None, 9).await?.is_empty() && store.last_trace().await? == 0, || {
        "it has no traces".to_owned()
    })?;
    // The same tables as in one that was made new, but for the order in which they were made.
    let new = tempfile::tempdir()?;
    drop(open(new.path())?);
    let tables = |path: &Path| -> anyhow::Result<Vec<String>> {
        let connection = rusqlite::Connection::open(path.join("pllm.sqlite"))?;
        let sql = "SELECT m.type || ' ' || m.name || ' ' || coalesce(c.name || ' ' || c.type || ' ' || c.\"notnull\", '')
                   FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c ORDER BY 1";
        let mut statement = connection.prepare(sql)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    };
    let (brought, made) = (tables(folder.path())?, tables(new.path())?);
    ensure(brought == made && made.len() > 40, || format!("{brought:#?}\n{made:#?}"))
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
