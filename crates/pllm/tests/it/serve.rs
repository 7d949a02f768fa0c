//! The service as a process: it says where it is, serves, keeps to itself, and ends when it is told to.

use crate::program::{Outcome, Program, binary, plain, repository, with_program};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("serve::it_serves_until_it_is_told_to_end", life),
        plain("serve::other_computers_are_not_served", loopback),
        with_program("serve::systemd_understands_the_unit", "systemd-analyze", unit),
    ]
}

/// A service that runs; killed when a case fails.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    _stdout: BufReader<ChildStdout>,
}

impl Running {
    /// Starts `command`, which is `pllm serve --json` however it is called.
    pub(crate) fn start(command: Command) -> anyhow::Result<Self> {
        Self::start_logging(command, Stdio::null())
    }

    /// The same, with its log.
    pub(crate) fn start_logging(mut command: Command, log: Stdio) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut stdout = BufReader::new(child.stdout.take().context("its output")?);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let told: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
        let address = told["url"]
            .as_str()
            .and_then(|url| url.strip_prefix("http://"))
            .context("an address")?
            .to_owned();
        Ok(Self { child, address, _stdout: stdout })
    }

    /// What a request gets: head and body.
    pub(crate) fn request(
        &self,
        method: &str,
        target: &str,
        kind: &str,
        body: &str,
    ) -> anyhow::Result<String> {
        let mut reply = String::new();
        self.send(method, target, kind, body)?.read_to_string(&mut reply)?;
        Ok(reply)
    }

    /// The reply to a `GET` that goes well, as it comes.
    pub(crate) fn watch(&self, target: &str) -> anyhow::Result<TcpStream> {
        let mut stream = self.send("GET", target, "text/plain", "")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        ensure!(head == *b"HTTP/1.1 200", "{target}: {}", String::from_utf8_lossy(&head));
        Ok(stream)
    }

    fn send(&self, method: &str, target: &str, kind: &str, body: &str) -> anyhow::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        Ok(stream)
    }

    pub(crate) fn json(&self, method: &str, target: &str, body: &str) -> anyhow::Result<String> {
        let reply = self.request(method, target, "application/json", body)?;
        ensure!(reply.starts_with("HTTP/1.1 20"), "{target}: {reply}");
        Ok(reply)
    }

    /// The process that was started.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(&mut self) -> Outcome {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Tells it to end, and gives its exit code. A tracer passes the signal to nobody, so the process is named.
    pub(crate) fn end(mut self, process: u32) -> anyhow::Result<Option<i32>> {
        let killed = Command::new("kill").args(["-TERM", &process.to_string()]).status()?;
        ensure!(killed.success(), "no signal was sent");
        Ok(self.child.wait()?.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a service is started here.
pub(crate) const SERVE: [&str; 4] = ["serve", "--port", "0", "--json"];

fn life() -> Outcome {
    let program = Program::new()?;
    let running = Running::start(program.command(&SERVE))?;
    ensure!(running.request("GET", "/livez", "text/plain", "")?.starts_with("HTTP/1.1 200"), "it lives");
    running.json("POST", "/api/collections", r#"{"name": "notes"}"#)?;
    let port = running.address.rsplit(':').next().context("a port")?.to_owned();
    for same in [&["serve"][..], &["serve", "--port", &port], &["serve", "--port", "0"]] {
        let told = program.text(same)?;
        ensure!(told.contains(&running.address) && told.contains("already"), "{told}");
    }
    ensure!(program.json(&["serve"])?["already"] == running.process(), "its process is told");
    let taken = program.run(&["serve", "--port", &port, "--data-dir", "other"], 1)?;
    ensure!(String::from_utf8(taken.stderr)?.contains("--port"), "the cure is told");
    let process = running.process();
    ensure!(running.end(process)? == Some(0), "it ends well");
    let listed = program.json(&["collections", "list"])?;
    ensure!(listed[0]["name"] == "notes", "{listed}");
    Ok(())
}

fn loopback() -> Outcome {
    let program = Program::new()?;
    let refused = program.run(&["serve", "--host", "0.0.0.0", "--port", "0"], 1)?;
    let told = String::from_utf8(refused.stderr)?;
    ensure!(told.contains("other computers") && told.contains("ssh -L"), "{told}");
    ensure!(!program.data().exists(), "nothing was opened");
    Ok(())
}

/// What systemd does not know it leaves out with a warning, and the service is less shut in than the file says.
fn unit() -> Outcome {
    let unit = std::fs::read_to_string(repository().join("deploy/pllm.service"))?;
    let folder = tempfile::tempdir()?;
    // It looks whether the program is there.
    let here = unit.replace("/usr/local/bin/pllm serve", &format!("{} serve", binary()));
    ensure!(here != unit, "the unit starts the program");
    let path = folder.path().join("pllm.service");
    let verify = |text: &str| -> anyhow::Result<String> {
        std::fs::write(&path, text)?;
        let output = Command::new("systemd-analyze").arg("verify").arg(&path).output()?;
        Ok(String::from_utf8(output.stderr)?)
    };
    let told = verify(&here)?;
    let of_ours: Vec<&str> = told.lines().filter(|line| line.contains("pllm.service")).collect();
    ensure!(of_ours.is_empty(), "{of_ours:?}");
    let typo = verify(&here.replace("ProtectHome=yes", "ProtectHome=maybe"))?;
    ensure!(typo.contains("pllm.service"), "a fault would be seen: {typo}");
    Ok(())
}
