//! A disk that is full or read-only, for real: what is wrong is told, nothing that was stored is lost, and it goes on once there
//! is room.

use crate::program::{Outcome, Program, with_mounts};
use crate::serve::{Running, SERVE};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_mounts("disk::a_full_disk_refuses_what_is_new_and_loses_nothing", full),
        with_mounts("disk::a_job_that_the_disk_stopped_is_tried_again", stopped_job),
        with_mounts("disk::an_end_that_cannot_be_written_is_shown_and_written_later", unwritten),
        with_mounts("disk::the_service_starts_on_a_full_disk", full_start),
        with_mounts("disk::a_read_only_disk_is_told", read_only),
    ]
}

/// How long a test waits for what happens in the background.
const PATIENCE: Duration = Duration::from_secs(120);
const NOTE: &str = "The boiler was serviced in March.";
const QUESTION: &str = r#"{"question": "When was the boiler serviced?"}"#;

/// A small disk for the data directory, which only the processes in its mount namespace see. It goes with this.
struct Disk {
    holder: Child,
    data: PathBuf,
}

impl Disk {
    /// A disk of `megabytes` for the data of `program`.
    fn new(program: &Program, megabytes: u32) -> anyhow::Result<Self> {
        let data = program.data();
        std::fs::create_dir(&data)?;
        let script =
            format!("mount -t tmpfs -o size={megabytes}m,mode=700 tmpfs \"$0\" && echo mounted && exec cat");
        let mut holder = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", &script])
            .arg(&data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(holder.stdout.take().context("its output")?).read_line(&mut line)?;
        ensure!(line == "mounted\n", "{line:?}");
        Ok(Self { holder, data })
    }

    /// A command that sees the disk.
    fn sees(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        let target = self.holder.id().to_string();
        command
            .args(["--target", &target, "--user", "--preserve-credentials", "--mount", "--"])
            .args(arguments);
        command.env("PLLM_CONFIG", "/dev/null").env("PLLM_DATA_DIR", &self.data);
        command
    }

    fn serve(&self) -> anyhow::Result<Running> {
        let arguments: Vec<&str> = [crate::program::binary()].into_iter().chain(SERVE).collect();
        Running::start(self.sees(&arguments))
    }

    /// A path below the data directory, as those outside see it.
    fn path(&self, name: &str) -> PathBuf {
        let inside = self.data.strip_prefix("/").unwrap_or(&self.data);
        Path::new(&format!("/proc/{}/root", self.holder.id())).join(inside).join(name)
    }

    /// Writes until not a byte is free.
    fn fill(&self) -> Outcome {
        let mut filler = File::options().create(true).append(true).open(self.path("filler"))?;
        let piece = [7; 4096];
        while let Ok(1..) = filler.write(&piece) {}
        Ok(())
    }

    fn free(&self) -> Outcome {
        Ok(std::fs::remove_file(self.path("filler"))?)
    }

    /// Files that wait to be read.
    fn incoming(&self) -> anyhow::Result<usize> {
        let mut count = 0;
        for collection in std::fs::read_dir(self.path("collections"))? {
            let folder = collection?.path().join("incoming");
            count += if folder.is_dir() { std::fs::read_dir(folder)?.count() } else { 0 };
        }
        Ok(count)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

pub(crate) fn paste(running: &Running, name: &str, text: &str) -> anyhow::Result<String> {
    let body = serde_json::json!({"name": name, "text": text}).to_string();
    running.request("POST", "/api/collections/c/texts", "application/json", &body)
}

pub(crate) fn body(reply: &str) -> anyhow::Result<Value> {
    let body = reply.split("\r\n\r\n").nth(1).context("a body")?;
    serde_json::from_str(body).with_context(|| reply.to_owned())
}

/// Waits until a job is in one of these states.
pub(crate) fn wait_for(running: &Running, job: &Value, states: &[&str]) -> anyhow::Result<Value> {
    let began = Instant::now();
    loop {
        let job = body(&running.json("GET", &format!("/api/jobs/{}", job["id"]), "")?)?;
        if states.iter().any(|state| job["state"] == *state) {
            return Ok(job);
        }
        ensure!(began.elapsed() < PATIENCE, "none of {states:?}: {job}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A service with one note in the collection `c`.
fn with_note(disk: &Disk) -> anyhow::Result<Running> {
    let running = disk.serve()?;
    running.json("POST", "/api/collections", r#"{"name": "c"}"#)?;
    let job = body(&paste(&running, "note", NOTE)?)?;
    let job = wait_for(&running, &job, &["done", "failed"])?;
    ensure!(job["state"] == "done", "{job}");
    Ok(running)
}

fn answers(running: &Running) -> Outcome {
    let answer = running.json("POST", "/api/collections/c/ask", QUESTION)?;
    ensure!(answer.contains("in March"), "{answer}");
    Ok(())
}

/// It says that the disk is full, and when to come back.
fn is_full(reply: &str) -> Outcome {
    let problem = body(reply)?;
    ensure!(
        reply.starts_with("HTTP/1.1 503") && reply.to_lowercase().contains("\r\nretry-after: "),
        "{reply}"
    );
    ensure!(problem["kind"] == "unavailable", "{problem}");
    ensure!(problem["hint"].as_str().is_some_and(|hint| hint.contains("free some")), "{problem}");
    Ok(())
}

fn full() -> Outcome {
    let program = Program::new()?;
    let disk = Disk::new(&program, 40)?;
    let running = with_note(&disk)?;
    disk.fill()?;
    is_full(&paste(&running, "more", "There is no room for this.")?)?;
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n{}\r\n--b--\r\n",
        "x".repeat(3_000_000)
    );
    is_full(&running.request(
        "POST",
        "/api/collections/c/sources",
        "multipart/form-data; boundary=b",
        &form,
    )?)?;
    ensure!(disk.incoming()? == 0, "half an upload is not kept");
    answers(&running)?;
    let sources = body(&running.json("GET", "/api/collections/c/sources", "")?)?;
    ensure!(sources["total"] == 1, "{sources}");
    // Nothing can be stored, but deleted.
    let id = sources["sources"][0]["id"].as_str().context("an id")?;
    running.json("DELETE", &format!("/api/collections/c/sources/{id}"), "")?;
    ensure!(body(&running.json("GET", "/api/collections/c/sources", "")?)?["total"] == 0, "it is gone");
    disk.free()?;
    let job = body(&paste(&running, "note", NOTE)?)?;
    ensure!(wait_for(&running, &job, &["done", "failed"])?["state"] == "done", "there is room again");
    answers(&running)?;
    let process = running.process();
    ensure!(running.end(process)? == Some(0), "it ends well");
    Ok(())
}

fn long() -> String {
    (0..3000).map(|n| format!("Paragraph {n} tells of crane number {n} in the harbour.\n\n")).collect()
}

fn stopped_job() -> Outcome {
    let program = Program::new()?;
    let disk = Disk::new(&program, 64)?;
    let running = with_note(&disk)?;
    let job = body(&paste(&running, "long", &long())?)?;
    wait_for(&running, &job, &["running", "done"])?;
    disk.fill()?;
    let failed = wait_for(&running, &job, &["failed", "done"])?;
    ensure!(failed["state"] == "failed" && failed["files"][0]["state"] == "failed", "{failed}");
    let reason = &failed["files"][0]["error"];
    ensure!(reason["kind"] == "unavailable", "{failed}");
    ensure!(reason["hint"].as_str().is_some_and(|hint| hint.contains("free some")), "{failed}");
    answers(&running)?;
    disk.free()?;
    running.json("POST", &format!("/api/jobs/{}/retry", job["id"]), "")?;
    let again = wait_for(&running, &job, &["failed", "done"])?;
    ensure!(again["state"] == "done" && again["attempts"] == 2, "{again}");
    ensure!(disk.incoming()? == 0, "its bytes are not needed any more");
    let process = running.process();
    ensure!(running.end(process)? == Some(0), "it ends well");
    let doctor: Value =
        serde_json::from_slice(&disk.sees(&[crate::program::binary(), "doctor", "--json"]).output()?.stdout)?;
    ensure!(doctor["well"] == true, "{doctor}");
    Ok(())
}

/// Somebody else used up even what was kept.
fn unwritten() -> Outcome {
    let program = Program::new()?;
    let disk = Disk::new(&program, 64)?;
    let running = with_note(&disk)?;
    let job = body(&paste(&running, "long", &long())?)?;
    wait_for(&running, &job, &["running", "done"])?;
    std::fs::remove_file(disk.path("reserve"))?;
    disk.fill()?;
    let failed = wait_for(&running, &job, &["failed", "done"])?;
    ensure!(failed["state"] == "failed" && failed["files"][0]["error"]["kind"] == "unavailable", "{failed}");
    ensure!(failed["ended_at"].is_string(), "{failed}");
    answers(&running)?;
    disk.free()?;
    // What is running could not be tried again.
    running.json("POST", &format!("/api/jobs/{}/retry", job["id"]), "")?;
    let again = wait_for(&running, &job, &["failed", "done"])?;
    ensure!(again["state"] == "done", "{again}");
    ensure!(disk.path("reserve").metadata()?.len() > 1 << 20, "room is kept again");
    Ok(())
}

fn full_start() -> Outcome {
    let program = Program::new()?;
    let disk = Disk::new(&program, 40)?;
    let mut running = with_note(&disk)?;
    disk.fill()?;
    running.kill()?;
    let running = disk.serve()?;
    answers(&running)?;
    running.json("DELETE", "/api/collections/c", "")?;
    ensure!(running.json("GET", "/api/collections", "")?.ends_with("[]"), "it is gone");
    Ok(())
}

fn read_only() -> Outcome {
    let program = Program::new()?;
    let disk = Disk::new(&program, 40)?;
    let running = with_note(&disk)?;
    let process = running.process();
    ensure!(running.end(process)? == Some(0), "it ends well");
    let data = program.data().display().to_string();
    ensure!(disk.sees(&["mount", "-o", "remount,ro", &data]).status()?.success(), "it is read-only now");
    let elsewhere = program.data().join("new").display().to_string();
    let cases: [&[&str]; 3] = [
        &["serve", "--port", "0"],
        &["ask", "--collection", "c", "When?"],
        &["collections", "list", "--data-dir", &elsewhere],
    ];
    for arguments in cases {
        let arguments: Vec<&str> =
            [crate::program::binary()].into_iter().chain(arguments.iter().copied()).collect();
        let output = disk.sees(&arguments).output()?;
        let told = String::from_utf8(output.stderr)?;
        ensure!(output.status.code() == Some(1), "{arguments:?}: {}: {told}", output.status);
        ensure!(told.contains("read-only") && told.contains(&data), "{arguments:?}: {told}");
    }
    Ok(())
}
