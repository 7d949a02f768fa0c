//! An ingest of paths while jobs are being worked on: it is one of them, in its turn, and its caller hears how it ends.

use crate::fixture::{Fixture, Outcome, config, ensure, with_model};
use libtest_mimic::Trial;
use pllm_app::App;
use pllm_app::ingest::{FileOutcome, IngestOptions, IngestProgress, IngestSummary};
use pllm_app::metadata::JobState;
use pllm_core::{CancelFlag, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("handed::it_ends_as_it_does_without_anybody_else", same),
        with_model("handed::stopped_before_its_turn_it_has_done_nothing", stopped),
        with_model("handed::a_deleted_collection_ends_it", deleted),
    ]
}

/// Tells the job's number, and the names of the files that ended.
struct Told {
    job: UnboundedSender<i64>,
    files: UnboundedSender<String>,
}

impl IngestProgress for Told {
    fn queued(&self, job: i64) {
        let _ = self.job.send(job);
    }

    fn begin(&self, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}

    fn file(&self, outcome: &FileOutcome) {
        let name = outcome.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let _ = self.files.send(name);
    }
}

struct Ingest {
    work: JoinHandle<pllm_core::Result<IngestSummary>>,
    job: UnboundedReceiver<i64>,
    files: UnboundedReceiver<String>,
    cancel: CancelFlag,
}

fn ingest(app: &Arc<App>, paths: Vec<PathBuf>) -> Ingest {
    let ((job, jobs), (file, files)) = (unbounded_channel(), unbounded_channel());
    let (app, told, cancel) = (Arc::clone(app), Arc::new(Told { job, files: file }), CancelFlag::default());
    let stop = cancel.clone();
    let work =
        tokio::spawn(
            async move { app.ingest("default", &paths, IngestOptions::default(), told, stop).await },
        );
    Ingest { work, job: jobs, files, cancel }
}

/// A collection in which a long file is being read, so that everything else waits.
async fn busy(fixture: &Fixture) -> anyhow::Result<Ingest> {
    let long =
        fixture.file("long.txt", "One more sentence about the harbour and its cranes.\n\n".repeat(4000))?;
    fixture.app.start_jobs().await?;
    let mut first = ingest(&fixture.app, vec![long]);
    first.job.recv().await;
    Ok(first)
}

async fn same() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("a.txt", "The gate is green.")?;
    fixture.file("bad.pdf", "%PDF-1.7\n%")?;
    let nowhere = fixture.files.join("nowhere.txt");
    fixture.app.start_jobs().await?;
    let mut handed = ingest(&fixture.app, vec![fixture.files.clone(), nowhere.clone()]);
    let summary = handed.work.await??;
    let mut names = Vec::new();
    handed.files.recv_many(&mut names, 10).await;
    names.sort_unstable();
    ensure(names == ["a.txt", "bad.pdf", "nowhere.txt"], || format!("{names:?}"))?;
    ensure(fixture.app.job(summary.job).await?.record.state == JobState::Failed, || format!("{summary:?}"))?;

    let alone = Arc::new(App::open(config(&fixture.files.join("../alone"))?, "test").await?);
    let expected = ingest(&alone, vec![fixture.files.clone(), nowhere]).work.await??;
    let shape = |summary: &IngestSummary| {
        let mut files: Vec<_> = summary.files.iter().map(|file| format!("{file:?}")).collect();
        files.sort_unstable();
        (files, summary.job, summary.documents, summary.cancelled)
    };
    ensure(shape(&summary) == shape(&expected), || format!("{summary:#?}, expected {expected:#?}"))
}

async fn stopped() -> Outcome {
    let fixture = Fixture::new().await?;
    let first = busy(&fixture).await?;
    let mut second = ingest(&fixture.app, vec![fixture.file("a.txt", "The gate is green.")?]);
    let job = second.job.recv().await.ok_or_else(|| anyhow::anyhow!("it has no job"))?;
    fixture.app.cancel_job(job).await?;
    let summary = second.work.await??;
    ensure(summary.cancelled && summary.files.is_empty() && summary.job == job, || format!("{summary:?}"))?;
    first.cancel.cancel();
    ensure(first.work.await??.cancelled, || "the caller's own stop is heard".to_owned())
}

async fn deleted() -> Outcome {
    let fixture = Fixture::new().await?;
    let first = busy(&fixture).await?;
    let mut second = ingest(&fixture.app, vec![fixture.file("a.txt", "The gate is green.")?]);
    second.job.recv().await;
    fixture.app.delete_collection("default").await?;
    let error = second.work.await?.err().map(|error| error.kind());
    ensure(error == Some(ErrorKind::NotFound), || format!("{error:?}"))?;
    // The one that was being read ends at its next check, whatever it says of it.
    let _ = first.work.await?;
    ensure(fixture.app.jobs(None).await?.is_empty(), || "the jobs are gone".to_owned())
}
