//! One worker as its parent sees it: started, asked, ended.

use super::end::End;
use super::frame::{self, FRAME_PREFIX, Kind};
use super::measure::of_process;
use super::pool::{Work, WorkerCommand};
use super::{Confinement, Usage};
use pllm_core::{Error, ErrorKind, Result};
use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A worker that has not said hello by then never will.
const HELLO: Duration = Duration::from_secs(10);
/// A worker whose pipes are closed is given so long to end by itself.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// So much of a worker's standard error is kept, the last of it.
const KEPT: usize = 2048;
/// As much as a pipe holds.
const BUFFER: usize = 64 << 10;

/// A worker that waits for work. Dropped, it is killed.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    told: Arc<Mutex<Vec<u8>>>,
    listener: JoinHandle<()>,
    pub(super) confinement: Confinement,
    /// Pieces of work it has done.
    pub(super) done: u32,
    seen: Option<u64>,
}

impl Process {
    /// Starts a worker and waits until it has shut itself in.
    ///
    /// # Errors
    /// `Unavailable` when it does not start.
    pub(super) async fn start(command: &WorkerCommand) -> Result<Self> {
        let failed = |error: io::Error| {
            let message = format!("the process {} does not start", command.task);
            Error::new(ErrorKind::Unavailable, "runtime.worker", message).caused_by(error)
        };
        let mut child = Command::new(&command.program)
            .arg0(command.name)
            .args(&command.arguments)
            .env_clear()
            .envs(command.environment.iter().copied())
            .current_dir("/")
            // Ctrl-C in a terminal is for the parent, which then ends its workers.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed(io::Error::other("it has no pipes")));
        };
        let mut output = BufReader::with_capacity(BUFFER, output);
        let told = Arc::default();
        let listener = tokio::spawn(listen(errors, Arc::clone(&told)));
        let hello = timeout(HELLO, read_hello(&mut output)).await;
        let confinement = hello.map_err(io::Error::from).and_then(|hello| hello).map_err(failed)?;
        Ok(Self { child, input, output, told, listener, confinement, done: 0, seen: None })
    }

    /// Has a piece of work done; whatever it ends by, but for `Ok`, the worker is of no more use.
    pub(super) async fn work(&mut self, work: &mut Work<'_>) -> Result<(Vec<u8>, Usage), End> {
        self.seen = None;
        let (pid, seen) = (self.child.id(), &mut self.seen);
        let stop = async {
            // A flag has no waiting list; this is soon enough for who pressed Ctrl-C.
            while !work.cancel.is_cancelled() {
                tokio::time::sleep(Duration::from_millis(50)).await;
                *seen = pid.map(of_process).and_then(|memory| memory.peak).or(*seen);
            }
        };
        let send = send(&mut self.input, work.head, work.body, work.limits.memory_bytes);
        let receive = receive(&mut self.output, work.limits.output_bytes, work.on_item);
        // A worker that died of what it read broke the pipe too: what it died of is told by its end, not by the pipe.
        let both = async { tokio::join!(send, receive).1 };
        tokio::select! {
            outcome = both => outcome,
            () = tokio::time::sleep(work.limits.time) => Err(End::Late),
            () = stop => Err(End::Cancelled),
        }
    }

    /// The most memory that was seen resident from outside during its last work: about right, for a worker that cannot tell itself.
    pub(super) fn peak_bytes(&self) -> Option<u64> {
        self.child.id().map(of_process).and_then(|memory| memory.peak).or(self.seen)
    }

    /// Ends a worker; gives how it ended and the last it told.
    pub(super) async fn end(mut self, kill: bool) -> (Option<ExitStatus>, String) {
        drop(self.input);
        if kill {
            let _ = self.child.start_kill();
        }
        let status = match timeout(LAST_WORDS, self.child.wait()).await {
            Ok(status) => status.ok(),
            Err(_) => {
                let _ = self.child.kill().await;
                None
            }
        };
        let _ = timeout(LAST_WORDS, self.listener).await;
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        (status, String::from_utf8_lossy(&told).into_owned())
    }
}

async fn read_hello(output: &mut BufReader<ChildStdout>) -> io::Result<Confinement> {
    let mut prefix = [0; FRAME_PREFIX];
    output.read_exact(&mut prefix).await?;
    let (Some((Kind::Hello, length)), true) = (frame::frame_prefix(prefix), prefix[3..] == [0, 0]) else {
        return Err(io::Error::other("what answers is no worker"));
    };
    let mut hello = vec![0; length as usize];
    output.read_exact(&mut hello).await?;
    serde_json::from_slice(&hello).map_err(io::Error::other)
}

async fn send(input: &mut ChildStdin, head: &[u8], body: &[u8], memory: u64) -> io::Result<()> {
    let length = u32::try_from(head.len()).map_err(io::Error::other)?;
    input.write_all(&frame::request_prefix(length, body.len() as u64, memory)).await?;
    input.write_all(head).await?;
    input.write_all(body).await?;
    input.flush().await
}

/// Takes a whole reply.
async fn receive(
    output: &mut BufReader<ChildStdout>,
    most: u64,
    on_item: &mut (dyn FnMut(Vec<u8>) -> Result<()> + Send),
) -> Result<(Vec<u8>, Usage), End> {
    let (mut all, mut result) = (0, None);
    loop {
        let mut prefix = [0; FRAME_PREFIX];
        output.read_exact(&mut prefix).await.map_err(|_| End::Lost)?;
        let (kind, length) = frame::frame_prefix(prefix).ok_or(End::Garbage)?;
        all += u64::from(length);
        if all > most {
            return Err(End::TooMuch);
        }
        let mut payload = vec![0; length as usize];
        output.read_exact(&mut payload).await.map_err(|_| End::Lost)?;
        match (kind, &result) {
            (Kind::Item, None) => on_item(payload).map_err(End::Refused)?,
            (Kind::Result, None) => result = Some(payload),
            (Kind::Panic, None) => {
                return Err(End::Panicked(String::from_utf8_lossy(&payload).into_owned()));
            }
            (Kind::Usage, Some(_)) => {
                let usage = serde_json::from_slice(&payload).map_err(|_| End::Garbage)?;
                return Ok((result.unwrap_or_default(), usage));
            }
            _ => return Err(End::Garbage),
        }
    }
}

/// Takes what a worker writes to its standard error, so that it can go on; keeps the end. Never shown: it may quote a document.
async fn listen(mut errors: impl AsyncRead + Unpin, told: Arc<Mutex<Vec<u8>>>) {
    let mut chunk = [0; KEPT];
    while let Ok(length) = errors.read(&mut chunk).await {
        if length == 0 {
            break;
        }
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend_from_slice(&chunk[..length]);
        let extra = told.len().saturating_sub(KEPT);
        told.drain(..extra);
    }
}
