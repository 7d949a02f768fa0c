//! The service killed in the middle of its work and started again: as if nothing had happened.

use crate::crash::{fill, start, wait_for_writes};
use crate::disk::{body, paste, wait_for};
use crate::program::{Outcome, Program, with_model};
use crate::serve::{Running, SERVE};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("restart::a_service_killed_in_an_upload_and_a_job_equals_a_clean_run", None, killed),
        with_model(
            "restart::an_ingest_killed_on_the_command_line_is_tried_again_over_the_api",
            None,
            command_line,
        ),
    ]
}

const PATIENCE: Duration = Duration::from_secs(60);
const TERM: &str = "What does crane number 77 do in the harbour?";

fn long() -> String {
    (0..1500).map(|n| format!("Paragraph {n} tells of crane number {n} in the harbour.\n\n")).collect()
}

fn serve(program: &Program) -> anyhow::Result<Running> {
    Running::start(program.command(&SERVE))
}

/// What is in the collection `c`, but for the times.
fn contents(running: &Running) -> anyhow::Result<Value> {
    let shown = body(&running.json("GET", "/api/collections/c", "")?)?;
    let sources = body(&running.json("GET", "/api/collections/c/sources", "")?)?;
    let names: Vec<&Value> =
        sources["sources"].as_array().context("a list")?.iter().map(|s| &s["name"]).collect();
    let query = json!({"query": TERM}).to_string();
    let found = body(&running.json("POST", "/api/collections/c/search", &query)?)?;
    let found: Vec<&Value> =
        found["documents"].as_array().context("a list")?.iter().map(|d| &d["content"]).collect();
    Ok(json!({"documents": shown["documents"], "sources": names, "found": found}))
}

/// Half an upload: the connection, on which the rest never comes.
fn half_upload(running: &Running) -> anyhow::Result<TcpStream> {
    let part = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n";
    let head = format!(
        "POST /api/collections/c/sources HTTP/1.1\r\nhost: {}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 9000000\r\n\r\n{part}",
        running.address
    );
    let mut stream = TcpStream::connect(&running.address)?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(&[b'x'; 1_000_000])?;
    Ok(stream)
}

/// The files of uploads, those that are not complete too.
fn incoming(program: &Program) -> anyhow::Result<usize> {
    let mut count = 0;
    for collection in std::fs::read_dir(program.data().join("collections"))? {
        let folder = collection?.path().join("incoming");
        count += if folder.is_dir() { std::fs::read_dir(folder)?.count() } else { 0 };
    }
    Ok(count)
}

fn killed() -> Outcome {
    let clean = Program::new()?;
    let running = serve(&clean)?;
    running.json("POST", "/api/collections", r#"{"name": "c"}"#)?;
    let job = body(&paste(&running, "long", &long())?)?;
    wait_for(&running, &job, &["done"])?;
    let expected = contents(&running)?;

    let program = Program::new()?;
    let mut running = serve(&program)?;
    running.json("POST", "/api/collections", r#"{"name": "c"}"#)?;
    let job = body(&paste(&running, "long", &long())?)?;
    let _half = half_upload(&running)?;
    let began = Instant::now();
    loop {
        let job = body(&running.json("GET", &format!("/api/jobs/{}", job["id"]), "")?)?;
        ensure!(
            job["state"] != "done" && began.elapsed() < PATIENCE,
            "it was to be killed while it reads: {job}"
        );
        if job["documents"].as_u64() > Some(0) && incoming(&program)? == 2 {
            break;
        }
    }
    running.kill()?;
    let running = serve(&program)?;
    let job = wait_for(&running, &job, &["done", "failed", "interrupted"])?;
    ensure!(job["state"] == "done" && job["attempts"] == 2, "{job}");
    ensure!(contents(&running)? == expected, "{}, a clean run has {expected}", contents(&running)?);
    let jobs = body(&running.json("GET", "/api/jobs", "")?)?;
    ensure!(jobs.as_array().map(Vec::len) == Some(1), "half an upload is no job: {jobs}");
    ensure!(incoming(&program)? == 0, "no bytes of an upload are left");
    let process = running.process();
    ensure!(running.end(process)? == Some(0), "it ends well");
    let doctor = program.json(&["doctor"])?;
    ensure!(doctor["well"] == true, "{doctor}");
    Ok(())
}

fn command_line() -> Outcome {
    let program = Program::new()?;
    fill(&program)?;
    let mut child = start(&program)?;
    wait_for_writes(&program)?;
    child.kill()?;
    child.wait()?;
    let running = serve(&program)?;
    let jobs = body(&running.json("GET", "/api/jobs", "")?)?;
    ensure!(jobs.as_array().map(Vec::len) == Some(1) && jobs[0]["state"] == "interrupted", "{jobs}");
    running.json("POST", &format!("/api/jobs/{}/retry", jobs[0]["id"]), "")?;
    let job = wait_for(&running, &jobs[0], &["done", "failed"])?;
    ensure!(job["state"] == "done" && job["files_done"] == 3 && job["attempts"] == 2, "{job}");
    let answer = json!({"question": "Where is crane number 77?"}).to_string();
    let answer = body(&running.json("POST", "/api/collections/default/ask", &answer)?)?;
    ensure!(answer["citations"][0]["name"] == "c.txt", "{answer}");
    Ok(())
}
