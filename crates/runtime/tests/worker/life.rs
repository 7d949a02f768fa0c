//! How long workers live: no longer than their parent, and no longer than they are of use.

use crate::child::pool;
use crate::faults::{LIMITS, trial, work};
use anyhow::{Context, ensure};
use libtest_mimic::{Failed, Trial};
use pllm_core::{CancelFlag, Result};
use pllm_runtime::WorkerPool;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    let orphan = || orphan().map_err(|error| Failed::from(format!("{error:?}")));
    vec![
        trial("life::a_worker_is_used_again_and_leaves_no_zombie", again),
        Trial::test("life::a_worker_does_not_outlive_a_killed_parent", orphan),
    ]
}

async fn again() -> anyhow::Result<()> {
    let pool = pool("serve", 2);
    let mut seen = HashSet::new();
    for _ in 0..5 {
        asked(&pool, b"pid", &mut |pid| {
            seen.insert(pid);
        })
        .await?;
    }
    ensure!(seen.len() == 1, "one after the other, one worker is enough: {seen:?}");
    ensure!(work(&pool, "abort", LIMITS).await.result.is_err());
    let old = *seen.iter().next().context("one")?;
    ensure!(!process(old).exists(), "worker {old} was waited for");
    Ok(())
}

/// Has a worker tell its process.
async fn asked(pool: &WorkerPool, head: &[u8], tell: &mut (dyn FnMut(u32) + Send)) -> Result<()> {
    let mut take = |item: Vec<u8>| {
        std::str::from_utf8(&item).ok().and_then(|text| text.parse().ok()).into_iter().for_each(&mut *tell);
        Ok(())
    };
    pool.work((head, b""), LIMITS, &CancelFlag::default(), &mut take).await.result.map(drop)
}

/// A parent whose worker never ends; it tells which one.
pub(crate) fn parent() -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let mut tell = |pid| {
        // A test that went away does not want to know.
        let _ = writeln!(std::io::stdout(), "{pid}");
    };
    let asked = runtime.block_on(asked(&pool("serve", 1), b"pid hang", &mut tell));
    ExitCode::from(u8::from(asked.is_err()))
}

fn orphan() -> anyhow::Result<()> {
    let mut parent = Command::new(std::env::current_exe()?).arg("__parent").stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(parent.stdout.take().context("a pipe")?).read_line(&mut line)?;
    let worker: u32 = line.trim().parse()?;
    ensure!(runs(worker), "worker {worker} runs");
    parent.kill()?;
    parent.wait()?;
    let began = Instant::now();
    while runs(worker) {
        ensure!(began.elapsed() < Duration::from_secs(10), "worker {worker} still runs");
        std::thread::yield_now();
    }
    Ok(())
}

fn process(pid: u32) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}"))
}

/// Whether it is there and does not just wait to be waited for.
fn runs(pid: u32) -> bool {
    let stat = std::fs::read_to_string(process(pid).join("stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['Z', 'X']))
}
