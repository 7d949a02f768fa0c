//! The tracer: whether it works here, how it starts a writer, and what its lines say.

use super::child::Writer;
use pllm_testkit::presence::Presence;
use std::collections::HashMap;
use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Calls that change what is on disk, and those that make it durable.
pub(super) const CALLS: &str = "write,pwrite64,writev,pwritev,ftruncate,rename,renameat,renameat2,unlink,unlinkat,fsync,fdatasync,sync_file_range";

/// Standard output.
const STDOUT: u32 = 1;

/// Whether programs can be traced here.
pub(super) fn presence() -> Presence {
    let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    match tried {
        Ok(status) if status.success() => Presence::Here,
        Ok(status) => Presence::Absent(format!("strace may not trace here: {status}")),
        Err(error) => Presence::Absent(format!("strace does not start: {error}")),
    }
}

/// A command that runs `writer` under strace, whose lines go to `log`; `injection` is a value of its `-e inject=`.
pub(super) fn command(writer: &Writer, log: &Path, injection: Option<&str>) -> io::Result<Command> {
    let mut command = Command::new("strace");
    // -y shows the paths of descriptors; strings are cut, they are not needed.
    command.args(["-f", "-y", "-s", "16", "-e", "signal=none", "-e"]).arg(format!("trace={CALLS}"));
    if let Some(injection) = injection {
        command.arg("-e").arg(format!("inject={injection}"));
    }
    command.arg("-o").arg(log).arg(env::current_exe()?);
    writer.set(&mut command);
    Ok(command)
}

/// One system call as it begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// The thread.
    pub(super) thread: u32,
    /// `write`, `fdatasync`, ….
    pub(super) call: String,
    /// The path of the first argument, where that is a descriptor.
    pub(super) path: PathBuf,
    /// The number of the first argument, where that is a descriptor.
    pub(super) descriptor: Option<u32>,
    /// The text of the second argument, as strace quotes it.
    pub(super) text: String,
    /// `None` when the call begins; then what it gave back.
    pub(super) result: Option<i64>,
}

impl Event {
    /// The line that the writer begins to tell with this call, if it does.
    pub(super) fn line(&self) -> Option<&str> {
        let tells = self.call == "write" && self.descriptor == Some(STDOUT) && self.result.is_none();
        // strace writes the end of a line as two characters.
        tells.then(|| self.text.trim_end_matches("\\n"))
    }
}

/// The events of a log in their order; a call that was not interrupted by another thread's begins and ends at once.
pub(super) fn read(log: &str) -> Vec<Event> {
    let (mut events, mut begun) = (Vec::new(), HashMap::new());
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let (Ok(thread), rest) = (thread.parse::<u32>(), rest.trim_start()) else { continue };
        if rest.starts_with("<... ") {
            let ended = begun.remove(&thread);
            events.extend(ended.map(|event| Event { result: result(rest), ..event }));
        } else if let Some(event) = begin(thread, rest) {
            events.push(event.clone());
            if rest.ends_with("<unfinished ...>") {
                begun.insert(thread, event);
            } else {
                events.push(Event { result: result(rest), ..event });
            }
        }
    }
    events
}

/// `call(3</path>, "text", …`.
fn begin(thread: u32, line: &str) -> Option<Event> {
    let (call, arguments) = line.split_once('(')?;
    let digits = arguments.find(|c: char| !c.is_ascii_digit()).unwrap_or(arguments.len());
    let path = arguments[digits..].strip_prefix('<').and_then(|rest| rest.split_once('>'));
    let text = arguments.split_once('"').and_then(|(_, rest)| rest.split_once('"'));
    Some(Event {
        thread,
        call: call.to_owned(),
        path: path.map_or_else(PathBuf::new, |(path, _)| PathBuf::from(path)),
        descriptor: arguments[..digits].parse().ok(),
        text: text.map_or_else(String::new, |(text, _)| text.to_owned()),
        result: None,
    })
}

/// The number after the last ` = `; -1 where there is none, as for a call that a signal ended.
fn result(line: &str) -> Option<i64> {
    let number = line.rsplit_once(" = ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    Some(number.unwrap_or(-1))
}
