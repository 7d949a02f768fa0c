//! The service as a process: it says where it is, serves, keeps to itself, and ends when it is told to.

use crate::program::{Outcome, Program, binary, plain, repository, with_model, with_program};
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
        with_model("serve::it_speaks_to_nobody_else", Some("strace"), quiet),
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
    pub(crate) fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
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
        let mut stream = TcpStream::connect(&self.address)?;
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        Ok(reply)
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
    let held = String::from_utf8(program.run(&["collections", "list"], 4)?.stderr)?;
    ensure!(held.contains("pllm serve"), "it holds the data directory: {held}");
    let port = running.address.rsplit(':').next().context("a port")?.to_owned();
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

/// Every connection of a session is looked at: start, an upload that is read, an answer, the page, the end.
fn quiet() -> Outcome {
    let program = Program::new()?;
    let calls = program.files().join("calls");
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", "trace=bind,connect,sendto", "-o"]).arg(&calls).arg(binary());
    traced.args(SERVE).env("PLLM_CONFIG", "/dev/null").env("PLLM_DATA_DIR", program.data());
    let running = Running::start(traced)?;
    running.json("POST", "/api/collections", r#"{"name": "c"}"#)?;
    let form = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.html\"\r\n\r\n\
        <p>The boiler was serviced in March.</p><img src=\"http://192.0.2.1/x.png\">\r\n--b--\r\n";
    let job =
        running.request("POST", "/api/collections/c/sources", "multipart/form-data; boundary=b", form)?;
    ensure!(job.starts_with("HTTP/1.1 202"), "{job}");
    let job: Value = serde_json::from_str(job.split("\r\n\r\n").nth(1).context("a body")?)?;
    let events = running.request("GET", &format!("/api/jobs/{}/events", job["id"]), "text/plain", "")?;
    ensure!(events.contains("event: done") && events.contains("\"state\":\"done\""), "{events}");
    let answer =
        running.json("POST", "/api/collections/c/ask", r#"{"question": "When was the boiler serviced?"}"#)?;
    ensure!(answer.contains("in March"), "{answer}");
    running.json("GET", "/", "")?;
    let lock: Value = serde_json::from_str(&std::fs::read_to_string(program.data().join("lock"))?)?;
    let holder = lock["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).context("its process")?;
    ensure!(running.end(holder)? == Some(0), "it ends well");
    let calls = std::fs::read_to_string(&calls)?;
    let outside = calls.lines().filter(|line| line.contains("AF_INET") && !line.contains("127.0.0.1"));
    let outside: Vec<&str> = outside.collect();
    ensure!(calls.contains("bind(") && calls.contains("127.0.0.1"), "the calls were seen: {calls}");
    ensure!(outside.is_empty(), "{outside:?}");
    Ok(())
}
