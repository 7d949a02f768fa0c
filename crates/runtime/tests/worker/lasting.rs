//! A worker that stays: it may read its one file and have threads, nothing else; and what it is asked after its end.

use crate::faults::{LIMITS, trial};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use pllm_core::ErrorKind;
use pllm_runtime::worker::{LastingWorker, Strength, WorkerCommand};
use std::path::Path;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("lasting::it_reads_its_file_and_nothing_else", one_file),
        trial("lasting::it_keeps_its_process_until_it_fails", fails),
        trial("lasting::a_dropped_question_takes_the_worker_with_it", dropped),
    ]
}

async fn start(file: &Path) -> anyhow::Result<LastingWorker> {
    let mut command = WorkerCommand::this_program("test-worker", &["__worker", "reader"], "doing the work");
    command.arguments.push(file.into());
    Ok(LastingWorker::start(command).await?)
}

async fn told(worker: &mut LastingWorker, order: &str) -> anyhow::Result<String> {
    Ok(String::from_utf8(worker.ask(order.as_bytes(), LIMITS).await?.0)?)
}

async fn one_file() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (mine, other) = (folder.path().join("mine"), folder.path().join("other"));
    std::fs::write(&mine, "words")?;
    std::fs::write(&other, "secrets")?;
    let mut worker = start(&mine).await?;
    let confinement = worker.confinement().context("it runs")?.clone();
    ensure!(told(&mut worker, &format!("open {}", mine.display())).await? == "words");
    ensure!(told(&mut worker, "thread").await? == "runs");
    let mut orders = Vec::new();
    if confinement.landlock == Strength::Full {
        orders.push(format!("open {}", other.display()));
    }
    if confinement.holds() {
        orders.push(format!("write {}", mine.display()));
        orders.push(format!("write {}", folder.path().join("new").display()));
        orders.push(format!("remove {}", mine.display()));
        orders.push("run /bin/true".to_owned());
    }
    if confinement.seccomp == Strength::Full {
        orders.push("connect 127.0.0.1:9".to_owned());
    }
    for order in orders {
        let answer = told(&mut worker, &order).await?;
        ensure!(answer.starts_with("refused: "), "{order}: {answer}, {confinement}");
    }
    ensure!(std::fs::read_to_string(&mine)? == "words");
    worker.end().await;
    Ok(())
}

async fn fails() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut worker = start(folder.path()).await?;
    ensure!(told(&mut worker, "panic").await.is_err());
    let error = worker.ask(b"memory 1", LIMITS).await.err().context("an error")?;
    ensure!(error.kind() == ErrorKind::Unavailable, "{error}");
    let mut worker = start(folder.path()).await?;
    for _ in 0..3 {
        ensure!(told(&mut worker, "memory 40").await?.parse::<usize>()? == 40 << 20);
    }
    let error = worker.ask(b"abort", LIMITS).await.err().context("an error")?;
    ensure!(error.message().contains("crashed"), "{error}");
    Ok(())
}

async fn dropped() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut worker = start(folder.path()).await?;
    tokio::select! {
        biased;
        _ = worker.ask(b"hang", LIMITS) => ensure!(false, "it hangs"),
        () = std::future::ready(()) => {}
    }
    ensure!(worker.ask(b"memory 1", LIMITS).await.is_err_and(|error| error.kind() == ErrorKind::Unavailable));
    Ok(())
}
