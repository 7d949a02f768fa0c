//! What can go wrong with a model, a processor and an impatient caller.

use crate::model::{answer, ask, config, long, quiet, trial};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use pllm_core::{CancelFlag, Error, ErrorKind, Generator, RunContext};
use pllm_models::generators::local::{LocalConfig, LocalGenerator, command};
use pllm_runtime::CpuPool;
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("faults::a_damaged_file_is_told_as_such", damaged),
        trial("faults::who_cancels_is_free_at_once_and_the_child_stays", cancelled),
        trial("faults::an_old_processor_is_refused_in_words", old_processor),
    ]
}

/// Cut in its weights: the header reads, the engine does not take it.
async fn damaged(_: LocalGenerator) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cut.gguf");
    let whole = std::fs::read(config()?.file)?;
    std::fs::write(&path, &whole[..whole.len() / 2])?;
    let cut = LocalConfig::new("cut", path.clone(), CpuPool::new(1, 8));
    let generator = LocalGenerator::open(&cut, command(&path))?;
    let error = generator.check().await.err().context("it is damaged")?;
    ensure!(error.kind() == ErrorKind::Corrupt, "{error}");
    std::fs::write(&path, &whole[..1000])?;
    let opened = LocalGenerator::open(&cut, command(&path));
    ensure!(opened.is_err_and(|error| error.kind() == ErrorKind::Corrupt));
    Ok(())
}

async fn cancelled(generator: LocalGenerator) -> anyhow::Result<()> {
    let story = "Tell me a long story of a ship.";
    answer(&generator, ask(story, 1)).await?;
    // In the middle of a prompt; a step of it may take longer than the child is given.
    free(&generator, &long(700), false).await?;
    // In the middle of an answer: the child ends its step and stays.
    free(&generator, story, true).await?;
    let usage = answer(&generator, ask(story, 1)).await?.usage;
    ensure!(usage.cached_tokens + 1 == usage.prompt_tokens, "{usage:?}");
    Ok(())
}

/// Asks and cancels, after the first piece of the answer or before.
async fn free(generator: &LocalGenerator, content: &str, is_writing: bool) -> anyhow::Result<()> {
    let cancel = CancelFlag::default();
    let mut stream = generator.generate(ask(content, 500), &RunContext::new(cancel.clone())).await?;
    if is_writing {
        stream.next().await?;
    }
    let rest = async {
        while stream.next().await?.is_some() {}
        Ok(())
    };
    let stop = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        cancel.cancel();
        Instant::now()
    };
    let ((rest, free), stopped) = tokio::join!(async { (rest.await, Instant::now()) }, stop);
    let kind = rest.err().map(|error: Error| error.kind());
    ensure!(kind == Some(ErrorKind::Cancelled), "{kind:?}");
    ensure!(free - stopped < Duration::from_millis(100), "free after {:?}", free - stopped);
    Ok(())
}

/// A processor of 2008, without AVX.
async fn old_processor(_: LocalGenerator) -> anyhow::Result<()> {
    let config = config()?;
    let mut command = command(&config.file);
    let here = std::env::current_exe()?;
    let before = ["-cpu".into(), "Nehalem".into(), here.into_os_string()];
    command.arguments.splice(..0, before);
    command.program = "/usr/bin/qemu-x86_64".into();
    let generator = LocalGenerator::open(&config, command)?;
    let error = generator.generate(ask("Hello", 1), &quiet()).await.err().context("refused")?;
    ensure!(error.kind() == ErrorKind::Unsupported && error.message().contains("AVX2"), "{error:?}");
    Ok(())
}
