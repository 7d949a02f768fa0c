//! The folder that writers are killed in: what must be there, and whether it is.

use super::child::Writer;
use super::journal::Told;
use super::kill::STEPS;
use super::script::{State, document, steps, word};
use super::subject::{Backend, Subject};
use libtest_mimic::Failed;
use pllm_core::{Cursor, DocumentStore, SearchQuery};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Steps that the parent does before the next writer.
const STEPS_BETWEEN: usize = 4;
const SIGKILL: i32 = 9;
/// Versions whose words are searched for after each kill.
const SEARCHED: usize = 8;

/// The folder, and what the last one to look found in it.
pub(super) struct Folder {
    subject: Subject,
    directory: TempDir,
    runtime: Runtime,
    state: State,
    seed: u64,
    hits: usize,
}

impl Folder {
    pub(super) fn new(subject: Subject) -> Result<Self, Failed> {
        let (directory, runtime) = (tempfile::tempdir()?, Runtime::new()?);
        Ok(Self { subject, directory, runtime, state: State::default(), seed: 0, hits: 0 })
    }

    /// Writers that were killed between their first and their last acknowledgement.
    pub(super) fn hits(&self) -> usize {
        self.hits
    }

    /// A writer of steps that no other one does.
    pub(super) fn next_writer(&mut self) -> Writer {
        self.seed += 1;
        Writer { subject: self.subject.clone(), root: self.root(), seed: self.seed, steps: STEPS }
    }

    /// Where a tracer writes.
    pub(super) fn log(&self) -> PathBuf {
        self.directory.path().join("strace.log")
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Compares what a writer left with what it told in `lines`, and does a few steps more.
    pub(super) fn settle(&mut self, lines: &[String], status: ExitStatus) -> Result<(), Failed> {
        let killed = status.signal() == Some(SIGKILL);
        let told = Told::read(lines.iter().map(String::as_str));
        if !killed && (!status.success() || told.done.len() != STEPS) {
            return Err(
                format!("the writer ended by itself, {status}, after {} steps", told.done.len()).into()
            );
        }
        self.hits += usize::from(killed && (1..STEPS).contains(&told.done.len()));
        self.seed += 1;
        self.state = self.runtime.block_on(self.look(&told))?;
        Ok(())
    }

    pub(super) fn finish(&self, points: usize) -> Result<(), Failed> {
        if self.hits == points {
            return Ok(());
        }
        Err(format!("{} of {points} writers were killed between two acknowledgements", self.hits).into())
    }

    async fn look(&self, told: &Told) -> Result<State, Failed> {
        let backend = self.subject.backend(&self.root())?;
        let store = backend.open().await?;
        let mut state = read(&*store).await?;
        let allowed = told.states(&self.state);
        if !allowed.contains(&state) {
            let message =
                format!("after seed {} there is {state:?}, expected one of {allowed:?}", self.seed - 1);
            return Err(message.into());
        }
        check_words(&*store, &self.state, &state).await?;
        verify(&backend).await?;
        let found = state.clone();
        for step in steps(self.seed, STEPS_BETWEEN) {
            step.run(&*store).await?;
            state.apply(&step);
        }
        assert_eq!(read(&*store).await?, state, "after further steps");
        check_words(&*store, &found, &state).await?;
        verify(&backend).await?;
        Ok(state)
    }
}

/// The file is sound, and the indexes are what they would be if they were built anew.
async fn verify(backend: &Backend) -> Result<(), Failed> {
    let faults = backend.verify().await?;
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// What is there, in write order; each Document is as it was written, and counted once.
async fn read(store: &dyn DocumentStore) -> Result<State, Failed> {
    let (mut state, mut cursor) = (State::default(), Some(Cursor::default()));
    while let Some(at) = cursor {
        let page = store.fetch(None, at).await?;
        for found in page.documents {
            let version = found.content.split(' ').next().and_then(|first| first.strip_prefix("version"));
            let version = version.ok_or("content without its first word")?.parse()?;
            let written = document(found.id.as_str(), version)?;
            assert_eq!((&found.content, &found.meta), (&written.content, &written.meta), "{}", found.id);
            state.0.push((found.id.to_string(), version));
        }
        cursor = page.next;
    }
    assert_eq!(store.count(None).await?, state.0.len() as u64);
    Ok(state)
}

/// The newest versions are found by their words, and those that were there before and are not now are not.
async fn check_words(store: &dyn DocumentStore, before: &State, now: &State) -> Result<(), Failed> {
    for (id, version) in now.0.iter().rev().take(SEARCHED) {
        assert_eq!(find(store, *version).await?, [id.as_str()], "version {version}");
    }
    for (_, version) in before.0.iter().filter(|row| !now.0.contains(row)).take(SEARCHED) {
        assert_eq!(find(store, *version).await?, [""; 0], "version {version}");
    }
    Ok(())
}

async fn find(store: &dyn DocumentStore, version: u64) -> Result<Vec<String>, Failed> {
    let found =
        store.search(&SearchQuery::Keyword { text: word(version).into(), top_k: 10, filter: None }).await?;
    Ok(found.iter().map(|document| document.id.to_string()).collect())
}
