//! The worker's side: shut itself in, then answer one request after the other until the parent closes the pipe.

use super::Usage;
use super::confine::{Allowance, confine, limit_addresses};
use super::frame::{self, Kind};
use super::measure::{Memory, Meter};
use pllm_core::{Error, ErrorKind, Result};
use std::cell::RefCell;
use std::io::{self, BufWriter, Read, StdinLock, StdoutLock, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::time::Instant;

/// One piece of work.
#[derive(Debug)]
pub struct Request {
    /// What to do.
    pub head: Vec<u8>,
    /// What to do it with.
    pub body: Vec<u8>,
}

/// Where the parts of a reply go.
#[derive(Debug)]
pub struct Replies<'a>(&'a mut BufWriter<StdoutLock<'static>>);

impl Replies<'_> {
    /// Sends an item whose bytes are `pieces` one after the other, 128 MiB at most.
    ///
    /// # Errors
    /// `Cancelled` when the parent does not listen any more.
    pub fn send(&mut self, pieces: &[&[u8]]) -> Result<()> {
        frame::write(self.0, Kind::Item, pieces).map_err(|error| {
            Error::new(ErrorKind::Cancelled, "runtime.worker", "the parent does not listen").caused_by(error)
        })
    }
}

/// Answers requests by `handler`, whose value ends each reply, in this thread; the process must have no other. Before the first
/// one the process shuts itself in: from then on it opens no file but the one of `allowance`, no connection and no process. A
/// handler that panics costs its own request.
pub fn serve(
    allowance: &Allowance,
    mut handler: impl FnMut(&Request, &mut Replies<'_>) -> Vec<u8>,
) -> ExitCode {
    let meter = Meter::open();
    let confinement = confine(allowance);
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        PANIC.with_borrow_mut(|slot| *slot = place);
    }));
    let mut worker = Worker {
        input: io::stdin().lock(),
        output: BufWriter::with_capacity(BUFFER, io::stdout().lock()),
        meter,
    };
    let served = serde_json::to_vec(&confinement)
        .map_err(io::Error::other)
        .and_then(|hello| frame::write(&mut worker.output, Kind::Hello, &[&hello]))
        .and_then(|()| worker.output.flush())
        .and_then(|()| worker.work(&mut handler));
    // Nobody is left to tell: a pipe that broke is the parent's end.
    ExitCode::from(u8::from(served.is_err()))
}

/// As much as a pipe holds.
const BUFFER: usize = 64 << 10;

thread_local! {
    /// Where in the source the last panic was. Not its message, which may quote what was being read.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

struct Worker {
    input: StdinLock<'static>,
    output: BufWriter<StdoutLock<'static>>,
    meter: Meter,
}

impl Worker {
    fn work(&mut self, handler: &mut impl FnMut(&Request, &mut Replies<'_>) -> Vec<u8>) -> io::Result<()> {
        let idle = self.meter.read();
        while let Some((head, body, memory)) = frame::read_request_prefix(&mut self.input)? {
            let began = Instant::now();
            limit_addresses(idle.addresses.unwrap_or(0).saturating_add(memory));
            self.meter.reset();
            let request = Request { head: self.bytes(head.into())?, body: self.bytes(body)? };
            let outcome =
                panic::catch_unwind(AssertUnwindSafe(|| handler(&request, &mut Replies(&mut self.output))));
            match outcome {
                Ok(result) => frame::write(&mut self.output, Kind::Result, &[&result])?,
                Err(_) => frame::write(&mut self.output, Kind::Panic, &[PANIC.take().as_bytes()])?,
            }
            let Memory { peak, resident, .. } = self.meter.read();
            let usage =
                Usage { peak_bytes: peak, resident_bytes: resident, seconds: began.elapsed().as_secs_f64() };
            let usage = serde_json::to_vec(&usage).map_err(io::Error::other)?;
            frame::write(&mut self.output, Kind::Usage, &[&usage])?;
            self.output.flush()?;
        }
        Ok(())
    }

    fn bytes(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        self.input.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
