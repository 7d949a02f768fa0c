//! The loop: a writer is killed, what is left is compared with what it told, and the next one goes on in the same folder.

use super::child::Writer;
use super::folder::Folder;
use super::journal;
use super::strace::{self, Event};
use super::subject::Subject;
use libtest_mimic::Failed;
use pllm_testkit::random::Random;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

/// Steps of a writer that nobody kills.
pub(super) const STEPS: usize = 40;
/// A writer that tells nothing for so long hangs.
const SILENCE: Duration = Duration::from_secs(60);
/// Writers at most for each point: some end before they are killed, or are killed before their first acknowledgement.
const TRIES: usize = 20;

/// Kills `points` writers a random moment after a random acknowledgement.
pub(super) fn at_random_times(subject: Subject, points: usize) -> Result<(), Failed> {
    let longest_wait = usize::try_from(subject.two_steps().as_micros())?;
    let mut folder = Folder::new(subject)?;
    let mut random = Random::new(100);
    for _ in 0..points * TRIES {
        if folder.hits() == points {
            break;
        }
        let after = 1 + random.below(STEPS - 2);
        let wait = Duration::from_micros(random.below(longest_wait) as u64);
        let (lines, status) = Running::start(plain(&folder.next_writer())?)?.kill_after(after, wait)?;
        folder.settle(&lines, status)?;
    }
    folder.finish(points)
}

/// Kills `points` writers as they enter the n-th call of a kind, in turn for each kind of call that a writer makes.
pub(super) fn at_system_calls(subject: Subject, points: usize) -> Result<(), Failed> {
    let mut folder = Folder::new(subject)?;
    let calls = calls_of_a_writer(&mut folder)?;
    let mut random = Random::new(101);
    for round in 0..points * TRIES {
        if folder.hits() == points {
            break;
        }
        let (call, first, last) = &calls[round % calls.len()];
        let when = first + random.below(last - first + 1);
        let writer = folder.next_writer();
        let injection = format!("{call}:signal=KILL:when={when}");
        let command = strace::command(&writer, &folder.log(), Some(&injection))?;
        let (lines, status) = Running::start(command)?.end()?;
        folder
            .settle(&lines, status)
            .map_err(|failed| format!("killed by {injection}: {}", failed.message().unwrap_or_default()))?;
    }
    folder.finish(points)
}

/// The kinds of calls between the first and the last acknowledgement of a writer, and the first and the last of each, counted
/// as strace does: from 1, for each thread. Read off a writer that goes on where another one ended, as those will that are killed.
fn calls_of_a_writer(folder: &mut Folder) -> Result<Vec<(String, usize, usize)>, Failed> {
    let (lines, status) = Running::start(plain(&folder.next_writer())?)?.end()?;
    folder.settle(&lines, status)?;
    let command = strace::command(&folder.next_writer(), &folder.log(), None)?;
    let (lines, status) = Running::start(command)?.end()?;
    folder.settle(&lines, status)?;
    let calls = count(&strace::read(&fs::read_to_string(folder.log())?));
    for (kind, names) in [("write", &["write", "pwrite64"]), ("sync", &["fsync", "fdatasync"])] {
        let made = calls.iter().any(|(call, ..)| names.contains(&call.as_str()));
        assert!(made, "a writer makes no {kind} call: {calls:?}");
    }
    Ok(calls)
}

/// A command that runs `writer`, with no tracer.
fn plain(writer: &Writer) -> std::io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    writer.set(&mut command);
    Ok(command)
}

/// For each kind of call, and thread that makes it, the first and the last between two acknowledgements.
fn count(events: &[Event]) -> Vec<(String, usize, usize)> {
    let begins = || events.iter().enumerate().filter(|(_, event)| event.result.is_none());
    let acknowledged: Vec<usize> =
        begins().filter(|(_, event)| event.line().is_some_and(journal::is_done)).map(|(at, _)| at).collect();
    let window = acknowledged.first().copied().unwrap_or(0)..acknowledged.last().copied().unwrap_or(0);
    let mut counts: HashMap<(&str, u32), usize> = HashMap::new();
    let mut ranges: BTreeMap<(&str, u32), (usize, usize)> = BTreeMap::new();
    for (at, event) in begins() {
        let key = (event.call.as_str(), event.thread);
        let n = counts.entry(key).or_default();
        *n += 1;
        if window.contains(&at) {
            ranges.entry(key).or_insert((*n, *n)).1 = *n;
        }
    }
    ranges.into_iter().map(|((call, _), (first, last))| (call.to_owned(), first, last)).collect()
}

/// A writer that runs, and the lines that it tells.
struct Running {
    child: Child,
    lines: Receiver<String>,
    told: Vec<String>,
}

impl Running {
    fn start(mut command: Command) -> Result<Self, Failed> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let out = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        let (sender, lines) = mpsc::channel();
        // Ends with the writer, or when nobody listens any more.
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Ok(Self { child, lines, told: Vec::new() })
    }

    /// Sends SIGKILL `wait` after the `after`-th acknowledgement.
    fn kill_after(mut self, after: usize, wait: Duration) -> Result<(Vec<String>, ExitStatus), Failed> {
        let mut acknowledged = 0;
        while acknowledged < after && self.listen(SILENCE)? {
            acknowledged += usize::from(self.told.last().is_some_and(|line| journal::is_done(line)));
        }
        let until = Instant::now() + wait;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match self.lines.recv_timeout(left) {
                Ok(line) => self.told.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        self.child.kill()?;
        self.end()
    }

    /// Listens until the writer has ended.
    fn end(mut self) -> Result<(Vec<String>, ExitStatus), Failed> {
        while self.listen(SILENCE)? {}
        Ok((self.told, self.child.wait()?))
    }

    /// Takes one line; false when there are no more.
    fn listen(&mut self, patience: Duration) -> Result<bool, Failed> {
        match self.lines.recv_timeout(patience) {
            Ok(line) => self.told.push(line),
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
            Err(RecvTimeoutError::Timeout) => {
                self.child.kill()?;
                return Err(format!("the writer told nothing for {patience:?}").into());
            }
        }
        Ok(true)
    }
}
