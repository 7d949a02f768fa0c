//! An ingest that is stopped or killed: what is there afterwards is as if it had never begun, or was finished.

use crate::program::{Outcome, Program, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("crash::ctrl_c_ends_cleanly", None, ctrl_c),
        with_model("crash::a_killed_ingest_is_cleared_by_the_next_command", None, killed),
        with_model("crash::killed_at_any_time_and_continued_equals_a_clean_run", None, continued),
    ]
}

/// Files that take a while: two small ones and one of many chunks.
pub(crate) fn fill(program: &Program) -> anyhow::Result<()> {
    program.file("a.txt", "The first note is about the garden gate.")?;
    program.file("b.csv", "name,phone\nIda,123\nOtto,456\nMia,789\n")?;
    let paragraph = |n: usize| {
        format!("Paragraph {n} tells of crane number {n} in the harbour, and of the {n} ships it loaded.\n\n")
    };
    program.file("c.txt", &(0..2500).map(paragraph).collect::<String>())?;
    Ok(())
}

pub(crate) fn start(program: &Program) -> anyhow::Result<Child> {
    Ok(program.command(&["ingest", "."]).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

/// Waits until Documents are being written.
pub(crate) fn wait_for_writes(program: &Program) -> anyhow::Result<()> {
    let began = Instant::now();
    while !has_file(&program.data().join("collections"), "-wal", 100_000) {
        ensure!(began.elapsed() < Duration::from_secs(60), "nothing was written within a minute");
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

fn has_file(folder: &Path, end: &str, bytes: u64) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        path.is_dir() && has_file(&path, end, bytes)
            || path.to_string_lossy().ends_with(end) && entry.metadata().is_ok_and(|meta| meta.len() >= bytes)
    })
}

fn ctrl_c() -> Outcome {
    let program = Program::new()?;
    fill(&program)?;
    let mut child = start(&program)?;
    wait_for_writes(&program)?;
    // The shell's own `kill`: a bare Debian has no program of that name.
    let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status()?;
    ensure!(killed.success(), "the signal was sent");
    let status = child.wait()?;
    ensure!(status.code() == Some(130), "{status}");
    whole_sources_only(&program)
}

fn killed() -> Outcome {
    let program = Program::new()?;
    fill(&program)?;
    let mut child = start(&program)?;
    wait_for_writes(&program)?;
    child.kill()?;
    child.wait()?;
    whole_sources_only(&program)
}

/// Every Document belongs to a listed source, and the sources count as many Documents as there are.
fn whole_sources_only(program: &Program) -> Outcome {
    let sources = program.json(&["sources", "list"])?;
    let listed = sources.as_array().context("a list")?;
    ensure!(
        listed.iter().all(|source| source["name"] != "c.txt"),
        "the unfinished file is not there: {sources}"
    );
    let mut counted = 0;
    for source in
        program.json(&["sources", "list", "--filter", "type != nothing"])?.as_array().context("a list")?
    {
        counted += source["documents"].as_u64().context("a number")?;
    }
    let shown = program.json(&["collections", "show", "default"])?;
    ensure!(shown["documents"] == counted, "{shown}, the sources count {counted}");
    let doctor = program.json(&["doctor"])?;
    ensure!(doctor["well"] == true, "{doctor}");
    let text = program.files().join("c.txt");
    let found = program.json(&["search", "crane number 77 in the harbour"])?;
    let from_unfinished = found["documents"]
        .as_array()
        .context("a list")?
        .iter()
        .any(|d| d["path"] == text.display().to_string());
    ensure!(!from_unfinished, "{found}");
    Ok(())
}

fn continued() -> Outcome {
    let clean = Program::new()?;
    fill(&clean)?;
    let began = Instant::now();
    clean.text(&["ingest", "."])?;
    let whole = began.elapsed();
    let expected = clean.json(&["collections", "show", "default"])?["documents"].clone();

    let program = Program::new()?;
    fill(&program)?;
    for part in 1..8u32 {
        let mut child = start(&program)?;
        std::thread::sleep(whole * part / 8);
        child.kill()?;
        child.wait()?;
    }
    program.text(&["ingest", "."])?;
    let shown = program.json(&["collections", "show", "default"])?;
    ensure!(shown["documents"] == expected, "{shown}, a clean run has {expected}");
    let doctor = program.json(&["doctor"])?;
    ensure!(doctor["well"] == true, "{doctor}");
    let found = |program: &Program| -> anyhow::Result<Vec<String>> {
        let found = program.json(&["search", "crane number 77 in the harbour"])?;
        let contents =
            found["documents"].as_array().context("a list")?.iter().map(|d| d["content"].to_string());
        Ok(contents.collect())
    };
    ensure!(found(&program)? == found(&clean)?, "both find the same");
    Ok(())
}
