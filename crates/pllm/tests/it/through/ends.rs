//! What ends early, on either side, and who is not spoken to.

use crate::program::{Outcome, Program};
use crate::serve::{Running, SERVE};
use anyhow::{Context, ensure};
use pllm_runtime::DirectoryLock;
use pllm_runtime::lock::Service;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A service, and an ingest that it has begun and that takes a while.
struct Busy {
    program: Program,
    running: Running,
    client: Child,
}

impl Busy {
    fn new() -> anyhow::Result<Self> {
        let program = Program::new()?;
        let paragraph =
            |n: usize| format!("Paragraph {n} tells of crane number {n} and of the {n} ships it loaded.\n\n");
        program.file("a.txt", "The first note is about the garden gate.")?;
        program.file("z.txt", &(0..4000).map(paragraph).collect::<String>())?;
        let running = Running::start(program.command(&SERVE))?;
        let mut client = program.command(&["ingest", "."]);
        let client = client.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let busy = Self { program, running, client };
        busy.wait_for("documents", |job| job["documents"].as_u64() > Some(1))?;
        Ok(busy)
    }

    /// Reads the events of the first job until one is as wanted.
    fn wait_for(&self, what: &str, wanted: fn(&Value) -> bool) -> anyhow::Result<Value> {
        let began = Instant::now();
        // The job is made by the client, in its own time.
        let watched = loop {
            match self.running.watch("/api/jobs/1/events") {
                Err(_) if began.elapsed() < Duration::from_secs(60) => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                watched => break watched?,
            }
        };
        for line in BufReader::new(watched).lines() {
            let line = line?;
            let Some(data) = line.strip_prefix("data:") else { continue };
            let job: Value = serde_json::from_str(data)?;
            if wanted(&job) {
                return Ok(job);
            }
        }
        anyhow::bail!("the job ended without {what}")
    }

    /// What was finished is there, and nothing else is.
    fn is_whole(&self) -> Outcome {
        let job = self.wait_for("its end", |job| job["state"] == "cancelled")?;
        ensure!(job["files_done"] == 1, "{job}");
        let listed = self.program.json(&["sources", "list"])?;
        ensure!(listed.as_array().map(Vec::len) == Some(1) && listed[0]["name"] == "a.txt", "{listed}");
        ensure!(self.program.json(&["doctor"])?["well"] == true, "all is well");
        Ok(())
    }
}

pub(super) fn ctrl_c() -> Outcome {
    let mut busy = Busy::new()?;
    let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", busy.client.id())]).status()?;
    ensure!(killed.success(), "the signal was sent");
    let status = busy.client.wait()?;
    let told = std::io::read_to_string(busy.client.stdout.take().context("its output")?)?;
    ensure!(status.code() == Some(130) && told.starts_with("stopped; "), "{status}: {told}");
    ensure!(told.contains("1 files ingested, 0 unchanged, 0 failed"), "{told}");
    busy.is_whole()
}

pub(super) fn client_dies() -> Outcome {
    let mut busy = Busy::new()?;
    busy.client.kill()?;
    busy.client.wait()?;
    busy.is_whole()
}

pub(super) fn service_dies() -> Outcome {
    let mut busy = Busy::new()?;
    busy.running.kill()?;
    let status = busy.client.wait()?;
    let told = std::io::read_to_string(busy.client.stderr.take().context("its errors")?)?;
    ensure!(status.code() == Some(1) && told.contains("the service ended before"), "{status}: {told}");
    ensure!(told.contains("finished is stored"), "{told}");
    let listed = busy.program.json(&["sources", "list"])?;
    ensure!(listed[0]["name"] == "a.txt", "the data directory is free again: {listed}");
    Ok(())
}

/// A leftover of a service that died, one of another version, and one that is silent.
pub(super) fn not_asked() -> Outcome {
    let program = Program::new()?;
    std::fs::create_dir_all(program.data())?;
    let nobody = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let ours = Service::new(nobody, env!("CARGO_PKG_VERSION"))?;
    let held = DirectoryLock::acquire(&program.data(), "pllm serve", Duration::ZERO)?;
    held.announce(&ours)?;
    let silent = String::from_utf8(program.run(&["collections", "list"], 1)?.stderr)?;
    ensure!(silent.contains("does not answer") && silent.contains("hint: "), "{silent}");
    held.announce(&Service::new(nobody, "99.1.2")?)?;
    let other = String::from_utf8(program.run(&["collections", "list"], 4)?.stderr)?;
    ensure!(other.contains("99.1.2") && other.contains(&ours.version) && other.contains("hint: "), "{other}");
    held.announce(&ours)?;
    let text = std::fs::read(program.data().join("lock"))?;
    drop(held);
    std::fs::write(program.data().join("lock"), text)?;
    ensure!(program.text(&["collections", "list"])?.starts_with("NAME"), "the leftover does not hold");
    Ok(())
}

/// However much is logged on both sides.
pub(super) fn secrets() -> Outcome {
    let program = Program::new()?;
    program.file("a.txt", "The first note is about the garden gate.")?;
    let log = program.files().join("../log");
    let mut serve = program.command(&SERVE);
    serve.env("PLLM_LOG", "trace");
    let running = Running::start_logging(serve, std::fs::File::create(&log)?.into())?;
    let mut ingest = program.command(&["ingest", "a.txt", "--password", "open sesame", "-vv"]);
    let ingest = ingest.env("PLLM_LOG", "trace").output()?;
    ensure!(ingest.status.success(), "{ingest:?}");
    let lock: Value = serde_json::from_str(&std::fs::read_to_string(program.data().join("lock"))?)?;
    let token = lock["service"]["token"].as_str().context("a token")?.to_owned();
    let refused = running.request("POST", "/api/local/ingest", "application/json", "{}")?;
    ensure!(refused.starts_with("HTTP/1.1 403") && !refused.contains(&token), "{refused}");
    let process = running.process();
    ensure!(running.end(process)? == Some(0), "it ends well");
    let told = [std::fs::read(&log)?, ingest.stdout, ingest.stderr].concat();
    let told = String::from_utf8(told)?;
    ensure!(told.contains("/api/local/ingest"), "the log was kept");
    for secret in [&token, "open sesame", "garden gate"] {
        ensure!(!told.contains(secret), "{secret} was told");
    }
    Ok(())
}
