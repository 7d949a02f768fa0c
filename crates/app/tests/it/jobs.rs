//! Ingest as jobs: files that come as bytes, what is told of them, and what a stop, a restart and a delete leave behind.

use crate::fixture::{Fixture, Outcome, config, ensure, plain, with_model};
use crate::ingest::holds;
use libtest_mimic::Trial;
use pllm_app::App;
use pllm_app::ask::AskRequest;
use pllm_app::collections::NewCollection;
use pllm_app::config::{Config, ServerConfig};
use pllm_app::ingest::IngestOptions;
use pllm_app::jobs::JobStatus;
use pllm_app::metadata::{FileStage, FileState, JobState};
use pllm_core::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("jobs::a_bad_file_is_named_and_the_others_are_stored", bad_file),
        with_model("jobs::the_same_name_again_is_a_new_revision", same_name),
        with_model("jobs::a_cancelled_job_is_tried_again", cancelled),
        with_model("jobs::a_killed_process_goes_on_with_its_jobs", killed),
        with_model("jobs::a_graceful_stop_leaves_the_rest_for_the_next_start", stopped),
        with_model("jobs::a_deleted_collection_takes_its_jobs", deleted_collection),
        with_model("jobs::a_source_deleted_while_others_are_read_is_gone", deleted_source),
        with_model("jobs::questions_are_answered_while_files_are_read", asked_meanwhile),
        with_model("jobs::a_pasted_text_is_a_source", pasted),
        plain("jobs::an_upload_that_is_given_up_leaves_nothing", given_up),
        plain("jobs::a_name_is_only_a_label", names),
        plain("jobs::a_file_that_is_too_large_is_refused_by_itself", too_large),
        plain("jobs::an_upload_has_so_many_files_at_most", too_many),
    ]
}

/// What to upload: names and bytes.
type Files<'a> = &'a [(&'a str, &'a [u8])];

const LONG: &str = "One more sentence about the harbour and its cranes.\n\n";

fn long() -> Vec<u8> {
    LONG.repeat(2000).into_bytes()
}

/// So much that nobody waits for its end: a job of it runs until it is stopped.
fn endless() -> Vec<u8> {
    LONG.repeat(100_000).into_bytes()
}

async fn upload(app: &App, files: Files<'_>) -> anyhow::Result<i64> {
    app.collection_or_new("default").await?;
    let mut upload = app.begin_upload("default", IngestOptions::default()).await?;
    for (name, bytes) in files {
        upload.file(name).await?;
        for piece in bytes.chunks(1000) {
            upload.write(piece).await?;
        }
    }
    Ok(upload.submit().await?)
}

/// Watches a job to its end; gives all that was seen of it.
async fn watch(app: &Arc<App>, job: i64) -> anyhow::Result<Vec<JobStatus>> {
    watch_until(app, job, |_| false).await
}

/// Watches a job until it is as wanted, or ended.
async fn watch_until(
    app: &Arc<App>,
    job: i64,
    wanted: impl Fn(&JobStatus) -> bool,
) -> anyhow::Result<Vec<JobStatus>> {
    let (mut watch, mut seen) = (app.watch_job(job).await?, Vec::new());
    while let Some(status) = watch.next().await? {
        let enough = wanted(&status);
        seen.push(status);
        if enough {
            break;
        }
    }
    Ok(seen)
}

fn states(job: &JobStatus) -> Vec<FileState> {
    job.files.iter().map(|file| file.state).collect()
}

fn is_indexing(job: &JobStatus) -> bool {
    job.files.iter().any(|file| file.stage == Some(FileStage::Index) && file.documents > 0)
}

/// Blobs that wait to be read, of any collection.
fn incoming(data: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for collection in std::fs::read_dir(data.join("collections"))? {
        let folder = collection?.path().join("incoming");
        count += if folder.is_dir() { std::fs::read_dir(folder)?.count() } else { 0 };
    }
    Ok(count)
}

async fn bad_file() -> Outcome {
    let fixture = Fixture::new().await?;
    let files: Files<'_> = &[
        ("boiler.txt", b"The boiler was serviced in March by Ines Falk."),
        ("letters/broken.json", b"{\"a\": [1, 2"),
        ("letters/gate.md", b"# Gate\n\nThe code of the gate is 4711."),
    ];
    let job = upload(&fixture.app, files).await?;
    let reading = fixture.app.reading("default").await?;
    ensure(reading.is_some_and(|work| (work.jobs, work.files_left) == (1, 3)), || format!("{reading:?}"))?;
    fixture.app.start_jobs().await?;
    let seen = watch(&fixture.app, job).await?;
    in_order(&seen)?;
    let last = seen.last().ok_or_else(|| anyhow::anyhow!("nothing was seen"))?;
    ensure(last.record.state == JobState::Failed, || format!("{last:?}"))?;
    ensure(states(last) == [FileState::Done, FileState::Failed, FileState::Done], || format!("{last:?}"))?;
    let error =
        last.files[1].error.as_ref().map(|error| (error.kind.as_str(), error.message.contains("line 1")));
    ensure(error == Some(("invalid input", true)), || format!("{last:?}"))?;
    ensure(last.files[0].report.as_ref().is_some_and(|report| report.text_bytes > 0), || {
        format!("{last:?}")
    })?;
    ensure((last.record.bytes_done, last.record.documents) == (last.record.bytes_total, 2), || {
        format!("{last:?}")
    })?;
    ensure(fixture.app.reading("default").await?.is_none(), || "nothing is left to read".to_owned())?;
    ensure(incoming(&fixture.data())? == 1, || "only the bytes of the bad file are kept".to_owned())?;
    let (outcome, citations) =
        fixture.app.ask("default", &AskRequest::new("What is the code of the gate?")).await?;
    ensure(outcome.answer.text.contains("4711"), || format!("{outcome:?}"))?;
    ensure(citations[0].path == "uploads/letters/gate.md", || format!("{citations:?}"))?;
    fixture.app.retry_job(job).await?;
    let again = watch(&fixture.app, job).await?;
    let last = again.last().ok_or_else(|| anyhow::anyhow!("nothing was seen"))?;
    ensure((last.record.state, last.record.attempts) == (JobState::Failed, 2), || format!("{last:?}"))?;
    let repaired =
        upload(&fixture.app, &[("letters/broken.json", b"{\"a\": \"The bell is broken.\"}")]).await?;
    watch(&fixture.app, repaired).await?;
    ensure(incoming(&fixture.data())? == 0, || "the repaired file takes the place of the bad one".to_owned())
}

/// A job and its files only ever go forward.
fn in_order(seen: &[JobStatus]) -> Outcome {
    let rank = |state: FileState| match state {
        FileState::Waiting => 0,
        FileState::Reading => 1,
        _ => 2,
    };
    for (before, after) in seen.iter().zip(&seen[1..]) {
        let forward = |(a, b): (&FileState, &FileState)| rank(*a) <= rank(*b);
        let files = states(before).iter().zip(&states(after)).all(forward);
        let bytes = before.record.bytes_done <= after.record.bytes_done;
        let ended = before.record.state.is_ended() <= after.record.state.is_ended();
        ensure(files && bytes && ended, || format!("{before:?}\n{after:?}"))?;
    }
    Ok(())
}

async fn same_name() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.app.start_jobs().await?;
    let give = async |text: &'static str| {
        let job = upload(&fixture.app, &[("gate.txt", text.as_bytes())]).await?;
        let seen = watch(&fixture.app, job).await?;
        seen.last().map(states).ok_or_else(|| anyhow::anyhow!("nothing was seen"))
    };
    ensure(give("The code of the gate is 4711.").await? == [FileState::Done], || "first".to_owned())?;
    ensure(give("The code of the gate is 4711.").await? == [FileState::Unchanged], || "again".to_owned())?;
    ensure(give("The code of the gate is 8642.").await? == [FileState::Done], || "another".to_owned())?;
    let (outcome, citations) =
        fixture.app.ask("default", &AskRequest::new("What is the code of the gate?")).await?;
    ensure(outcome.answer.text.contains("8642"), || format!("{outcome:?}"))?;
    ensure(citations[0].citation.revision() == 2, || "the second revision is cited".to_owned())?;
    ensure(fixture.count().await? == 1 && incoming(&fixture.data())? == 0, || {
        "nothing else is left".to_owned()
    })?;
    ensure(!holds(&fixture.data(), "4711")?, || "no byte of the first is left".to_owned())
}

async fn cancelled() -> Outcome {
    let fixture = Fixture::new().await?;
    let job = upload(
        &fixture.app,
        &[("long.txt", &endless()), ("short.txt", b"The bicycle stands in the cellar.")],
    )
    .await?;
    fixture.app.start_jobs().await?;
    watch_until(&fixture.app, job, is_indexing).await?;
    fixture.app.cancel_job(job).await?;
    let last = watch(&fixture.app, job).await?.pop().ok_or_else(|| anyhow::anyhow!("nothing was seen"))?;
    ensure(last.record.state == JobState::Cancelled, || format!("{last:?}"))?;
    ensure(states(&last)[0] == FileState::Cancelled, || format!("{last:?}"))?;
    let short = u64::from(states(&last)[1] == FileState::Done);
    ensure(fixture.count().await? == short, || "no Document of the long file is left".to_owned())?;
    let found = fixture.app.cancel_job(job).await?;
    ensure(found.record.state == JobState::Cancelled, || "a second time changes nothing".to_owned())?;
    fixture.app.retry_job(job).await?;
    let seen = watch_until(&fixture.app, job, is_indexing).await?;
    ensure(seen.last().is_some_and(|last| last.record.attempts == 2 && is_indexing(last)), || {
        format!("{seen:?}")
    })?;
    fixture.app.cancel_job(job).await?;
    let last = watch(&fixture.app, job).await?.pop().ok_or_else(|| anyhow::anyhow!("nothing was seen"))?;
    ensure(last.record.state == JobState::Cancelled, || format!("{last:?}"))?;
    fixture.app.delete_job(job).await?;
    ensure(incoming(&fixture.data())? == 0, || "its bytes go with it".to_owned())
}

async fn killed() -> Outcome {
    let folder = tempfile::tempdir()?;
    let settings = config(&folder.path().join("data"))?;
    let (before, first) = (settings.clone(), tokio::runtime::Runtime::new()?);
    let begun = first.spawn(async move {
        let app = Arc::new(App::open(before, "test").await?);
        let job =
            upload(&app, &[("short.txt", b"The bicycle stands in the cellar."), ("long.txt", &endless())])
                .await?;
        // As if the process had been killed while it took in another one.
        let mut half = app.begin_upload("default", IngestOptions::default()).await?;
        half.file("half.txt").await?;
        half.write(&long()).await?;
        half.file("more.txt").await?;
        std::mem::forget(half);
        app.start_jobs().await?;
        watch_until(&app, job, is_indexing).await?;
        anyhow::Ok(job)
    });
    let job = begun.await??;
    // Its tasks end where they are.
    first.shutdown_background();
    let app = Arc::new(open_when_free(&settings).await?);
    let status = app.job(job).await?;
    ensure(status.record.state == JobState::Interrupted, || format!("{status:?}"))?;
    ensure(incoming(&settings.data_dir)? <= 2, || "what no job names is cleared".to_owned())?;
    app.start_jobs().await?;
    let seen = watch_until(&app, job, |job| is_indexing(job) && states(job)[0] == FileState::Done).await?;
    ensure(seen.last().is_some_and(|last| last.record.attempts == 2), || format!("{seen:?}"))?;
    app.cancel_job(job).await?;
    watch(&app, job).await?;
    let count = app.collection("default").await?.store.count(None).await?;
    ensure(count == 1 && incoming(&settings.data_dir)? == 1, || format!("{count} Documents"))?;
    ensure(app.sources("default", None).await?.len() == 1, || "the short file is there once".to_owned())
}

/// Opens a data directory as soon as the tasks that hold it are gone.
async fn open_when_free(settings: &Config) -> anyhow::Result<App> {
    loop {
        match App::open(settings.clone(), "test").await {
            Err(error) if error.kind() == ErrorKind::Conflict => tokio::task::yield_now().await,
            other => return Ok(other?),
        }
    }
}

async fn stopped() -> Outcome {
    let fixture = Fixture::new().await?;
    let job = upload(
        &fixture.app,
        &[("long.txt", &endless()), ("short.txt", b"The bicycle stands in the cellar.")],
    )
    .await?;
    fixture.app.start_jobs().await?;
    watch_until(&fixture.app, job, is_indexing).await?;
    fixture.app.stop_jobs(Duration::ZERO).await;
    let status = fixture.app.job(job).await?;
    ensure(status.record.state == JobState::Queued, || format!("{status:?}"))?;
    ensure(states(&status)[0] == FileState::Waiting, || format!("{status:?}"))?;
    let fixture = fixture.restart().await?;
    fixture.app.start_jobs().await?;
    let twice = fixture.app.start_jobs().await.err().map(|error| error.kind());
    ensure(twice == Some(ErrorKind::Conflict), || format!("{twice:?}"))?;
    let seen = watch_until(&fixture.app, job, is_indexing).await?;
    ensure(seen.last().is_some_and(|last| last.record.attempts == 1 && is_indexing(last)), || {
        format!("{seen:?}")
    })?;
    fixture.app.cancel_job(job).await?;
    watch(&fixture.app, job).await?;
    let patient = upload(&fixture.app, &[("other.txt", &long())]).await?;
    watch_until(&fixture.app, patient, is_indexing).await?;
    fixture.app.stop_jobs(Duration::from_secs(600)).await;
    let status = fixture.app.job(patient).await?;
    ensure(status.record.state == JobState::Done, || format!("what is being read may end: {status:?}"))
}

async fn deleted_collection() -> Outcome {
    let fixture = Fixture::new().await?;
    let job = upload(&fixture.app, &[("long.txt", &endless())]).await?;
    let waiting = upload(&fixture.app, &[("xylocanthum.txt", b"The canary sings.")]).await?;
    let mut half = fixture.app.begin_upload("default", IngestOptions::default()).await?;
    half.file("half.txt").await?;
    fixture.app.start_jobs().await?;
    watch_until(&fixture.app, job, is_indexing).await?;
    fixture.app.delete_collection("default").await?;
    let late = async {
        half.write(&long()).await?;
        half.submit().await
    };
    let late = late.await.err().map(|error| error.kind());
    ensure(late == Some(ErrorKind::NotFound), || format!("{late:?}"))?;
    for job in [job, waiting] {
        let gone = fixture.app.job(job).await.err().map(|error| error.kind());
        ensure(gone == Some(ErrorKind::NotFound), || format!("{gone:?}"))?;
    }
    ensure(fixture.app.jobs(None).await?.is_empty(), || "no job is left".to_owned())?;
    fixture.app.stop_jobs(Duration::from_secs(60)).await;
    let left = std::fs::read_dir(fixture.app.collections_dir())?.count();
    ensure(left == 0, || format!("{left} folders left"))?;
    let text = holds(&fixture.data(), "harbour and its cranes")? || holds(&fixture.data(), "xylocanthum")?;
    ensure(!text, || "no byte of it is left".to_owned())
}

async fn deleted_source() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.app.start_jobs().await?;
    let short =
        upload(&fixture.app, &[("secret.txt", b"The canary is called xylocanthum and sings.")]).await?;
    watch(&fixture.app, short).await?;
    let job = upload(&fixture.app, &[("long.txt", &endless())]).await?;
    watch_until(&fixture.app, job, is_indexing).await?;
    let deleted = fixture.app.delete_sources("default", &["secret.txt".to_owned()]).await?;
    ensure((deleted.sources, deleted.documents) == (1, 1), || format!("{deleted:?}"))?;
    ensure(!holds(&fixture.data().join("collections"), "xylocanthum")?, || {
        "no byte of it is left".to_owned()
    })?;
    let documents = fixture.app.job(job).await?.record.documents;
    let goes_on = |job: &JobStatus| job.record.documents > documents;
    let seen = watch_until(&fixture.app, job, goes_on).await?;
    ensure(seen.last().is_some_and(goes_on), || format!("the other one is not touched: {seen:?}"))?;
    fixture.app.cancel_job(job).await?;
    watch(&fixture.app, job).await.map(|_| ())
}

async fn asked_meanwhile() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.app.start_jobs().await?;
    let gate = upload(&fixture.app, &[("gate.txt", b"The code of the gate is 4711.")]).await?;
    watch(&fixture.app, gate).await?;
    let job = upload(&fixture.app, &[("long.txt", &endless())]).await?;
    watch_until(&fixture.app, job, is_indexing).await?;
    let (outcome, citations) =
        fixture.app.ask("default", &AskRequest::new("What is the code of the gate?")).await?;
    let reading = fixture.app.reading("default").await?;
    ensure(reading.is_some_and(|work| (work.jobs, work.files_left) == (1, 1)), || format!("{reading:?}"))?;
    ensure(outcome.answer.text.contains("4711"), || format!("{outcome:?}"))?;
    ensure(citations.iter().all(|citation| citation.name == "gate.txt"), || {
        format!("nothing of a file that is not finished is cited: {citations:?}")
    })?;
    let crane = fixture.app.search("default", &AskRequest::new("harbour cranes")).await?.0;
    ensure(crane.iter().all(|found| found.name == "gate.txt"), || format!("or found: {crane:?}"))?;
    fixture.app.cancel_job(job).await?;
    watch(&fixture.app, job).await.map(|_| ())
}

async fn pasted() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.app.create_collection(&NewCollection::named("default")).await?;
    fixture.app.start_jobs().await?;
    let empty = fixture.app.submit_text("default", "note", " \n").await.err().map(|error| error.kind());
    ensure(empty == Some(ErrorKind::InvalidInput), || format!("{empty:?}"))?;
    let job = fixture.app.submit_text("default", "Dr. Falk", "The boiler was serviced in March.").await?;
    watch(&fixture.app, job).await?;
    let sources = fixture.app.sources("default", None).await?;
    let told: Vec<_> =
        sources.iter().map(|s| (s.source.detail.path.as_str(), s.source.detail.format.as_str())).collect();
    ensure(told == [("uploads/Dr. Falk.txt", "txt")], || format!("{told:?}"))
}

async fn given_up() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.app.create_collection(&NewCollection::named("default")).await?;
    let mut first = fixture.app.begin_upload("default", IngestOptions::default()).await?;
    first.file("a.txt").await?;
    first.write(&long()).await?;
    first.file("b.txt").await?;
    drop(first);
    let none = fixture.app.begin_upload("default", IngestOptions::default()).await?.submit().await;
    let none = none.err().map(|error| error.kind());
    ensure(none == Some(ErrorKind::InvalidInput), || format!("{none:?}"))?;
    let early = fixture.app.begin_upload("default", IngestOptions::default()).await?.write(b"x").await;
    let early = early.err().map(|error| error.kind());
    ensure(early == Some(ErrorKind::InvalidInput), || format!("{early:?}"))?;
    fixture.app.start_jobs().await?;
    fixture.app.stop_jobs(Duration::from_secs(60)).await;
    let fixture = fixture.restart().await?;
    ensure(incoming(&fixture.data())? == 0, || "nothing is left".to_owned())?;
    ensure(fixture.app.jobs(Some("default")).await?.is_empty(), || "and there is no job".to_owned())
}

async fn names() -> Outcome {
    let fixture = Fixture::new().await?;
    let long = format!("{}.pdf", "x".repeat(300));
    let given = ["../../etc/x", "/etc/x", "a\\b\\c.txt", "nul\0.txt", "", "a.txt", "a.txt", long.as_str()];
    let files: Vec<(&str, &[u8])> = given.iter().map(|name| (*name, &b"x"[..])).collect();
    let job = upload(&fixture.app, &files).await?;
    let status = fixture.app.job(job).await?;
    let labels: Vec<&str> = status.files.iter().map(|file| file.path.as_str()).collect();
    let expected =
        ["uploads/etc/x", "uploads/etc/x (2)", "uploads/a/b/c.txt", "uploads/nul.txt", "uploads/unnamed"];
    ensure(labels[..5] == expected && labels[5..7] == ["uploads/a.txt", "uploads/a (2).txt"], || {
        format!("{labels:?}")
    })?;
    ensure(labels[7].chars().count() < 140 && labels[7].ends_with(".pdf"), || format!("{labels:?}"))?;
    let folder = std::fs::read_dir(fixture.app.collections_dir())?
        .next()
        .ok_or_else(|| anyhow::anyhow!("a folder"))??;
    for entry in std::fs::read_dir(folder.path().join("incoming"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let ours = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        ensure(ours, || format!("{name:?} is of the sender"))?;
    }
    Ok(())
}

async fn too_large() -> Outcome {
    let folder = tempfile::tempdir()?;
    let settings = Config { max_file_bytes: 2000, ..config(&folder.path().join("data"))? };
    let app = App::open(settings.clone(), "test").await?;
    let all = upload(&app, &[("a.bin", &[7; 2001]), ("b.bin", &[7; 9000])]).await.err();
    let kind =
        all.as_ref().and_then(|error| error.downcast_ref::<pllm_core::Error>()).map(pllm_core::Error::kind);
    ensure(kind == Some(ErrorKind::TooLarge), || format!("{all:?}"))?;
    let job = upload(&app, &[("a.bin", &[7; 2001]), ("b.txt", &[b'x'; 2000])]).await?;
    let status = app.job(job).await?;
    ensure(states(&status) == [FileState::Failed, FileState::Waiting], || format!("{status:?}"))?;
    let error = status.files[0].error.as_ref().map(|error| error.kind.as_str());
    ensure(error == Some("too large"), || format!("{status:?}"))?;
    ensure(incoming(&settings.data_dir)? == 1, || "its bytes are not kept".to_owned())
}

async fn too_many() -> Outcome {
    let folder = tempfile::tempdir()?;
    let usual = config(&folder.path().join("data"))?;
    let server = ServerConfig { max_upload_files: 2, max_upload_bytes: 1000, ..usual.server.clone() };
    let app = App::open(Config { server, ..usual }, "test").await?;
    let refused = |error: anyhow::Error| {
        let error = error.downcast_ref::<pllm_core::Error>().map(|error| (error.kind(), error.to_string()));
        error.filter(|(kind, _)| *kind == ErrorKind::TooLarge).map(|(_, told)| told).unwrap_or_default()
    };
    let three = upload(&app, &[("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c")]).await.err().map(refused);
    ensure(three.is_some_and(|told| told.contains("at most 2")), || "the third file is refused".to_owned())?;
    let bytes = upload(&app, &[("a.txt", &[b'a'; 600]), ("b.txt", &[b'b'; 401])]).await.err().map(refused);
    ensure(bytes.is_some_and(|told| told.contains("at most 1000")), || {
        "they are too much together".to_owned()
    })?;
    upload(&app, &[("a.txt", &[b'a'; 600]), ("b.txt", &[b'b'; 400])]).await.map(|_| ())
}
