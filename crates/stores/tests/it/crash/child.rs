//! The writer: the test binary, run once more with [`ROOT`] set, does a script's steps and tells of each.

use super::subject::Subject;
use super::{journal, script};
use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Names the folder to write in, and so makes a process a writer.
pub(crate) const ROOT: &str = "PLLM_CRASH_ROOT";
/// The address of the server that it writes to; the embedded store has none.
const URL: &str = "PLLM_CRASH_URL";
const SEED: &str = "PLLM_CRASH_SEED";
const STEPS: &str = "PLLM_CRASH_STEPS";

/// How a writer is started, here or by a tracer: program, and what it finds in its environment.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) subject: Subject,
    pub(super) root: PathBuf,
    pub(super) seed: u64,
    pub(super) steps: usize,
}

impl Writer {
    /// `command`, which runs the writer, with its environment set.
    pub(super) fn set(&self, command: &mut Command) {
        if let Subject::Chroma(url) = &self.subject {
            command.env(URL, url);
        }
        command.env(ROOT, &self.root).env(SEED, self.seed.to_string()).env(STEPS, self.steps.to_string());
    }
}

/// Runs the writer when the environment asks for one; `None` in every other process.
pub(crate) fn run_if_asked() -> Option<Result<(), Box<dyn Error>>> {
    env::var_os(ROOT).map(|root| run(Path::new(&root)))
}

fn run(root: &Path) -> Result<(), Box<dyn Error>> {
    let (seed, steps) = (env::var(SEED)?.parse()?, env::var(STEPS)?.parse()?);
    fs::create_dir_all(root)?;
    let subject = env::var(URL).map_or(Subject::Memory, Subject::Chroma);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let backend = subject.backend(root)?;
        let store = backend.open().await?;
        for step in script::steps(seed, steps) {
            tell(&journal::begin(&step))?;
            step.run(&*store).await?;
            tell(&journal::done())?;
        }
        Ok(())
    })
}

fn tell(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}
