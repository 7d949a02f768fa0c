//! How the process ends: one code for each thing a script may want to tell apart.

use crate::output;
use pllm_app::views::{ErrorDetail, Failure};
use pllm_core::{Error, ErrorKind};
use std::process::ExitCode;

/// Something failed.
pub(crate) const FAILED: u8 = 1;
/// The command or its input is wrong (clap uses the same code).
pub(crate) const USAGE: u8 = 2;
/// What was named is not there.
pub(crate) const NOT_FOUND: u8 = 3;
/// Another process holds the data directory.
pub(crate) const IN_USE: u8 = 4;
/// Some files could not be read, the others are.
pub(crate) const PARTLY: u8 = 5;
/// Stopped by Ctrl-C; what was finished stays.
pub(crate) const CANCELLED: u8 = 130;

/// The codes as the help shows them.
pub(crate) const HELP: &str = "Exit codes:
  0  done
  1  failed
  2  wrong usage or input
  3  what was named is not there
  4  the data directory is in use by another process
  5  some files could not be read; the others are
  130  stopped by Ctrl-C; what was finished stays";

/// Tells the error on standard error and gives its code.
pub(crate) fn failed(error: &anyhow::Error, json: bool) -> ExitCode {
    let known = error.downcast_ref::<Error>();
    let text = if json { as_json(error, known) } else { as_text(error, known) };
    output::error_line(&text);
    ExitCode::from(known.map_or(FAILED, code))
}

/// Tells what is wrong with the command line, or prints the help that was asked for.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let wanted_json =
        std::env::args_os().skip(1).take_while(|word| word != "--").any(|word| word == "--json");
    if wanted_json && error.use_stderr() {
        let text = error.to_string();
        let (message, hint) = text.split_once("\n\n").unwrap_or((&text, ""));
        let message = message.trim().trim_start_matches("error: ");
        output::error_line(&error_json(ErrorKind::InvalidInput, message, Some(hint.trim())));
    } else if error.print().is_err() {
        return ExitCode::from(FAILED);
    }
    ExitCode::from(if error.use_stderr() { USAGE } else { 0 })
}

fn code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::InvalidInput => USAGE,
        ErrorKind::NotFound => NOT_FOUND,
        ErrorKind::Conflict if error.operation() == "runtime.lock" => IN_USE,
        ErrorKind::Cancelled => CANCELLED,
        _ => FAILED,
    }
}

fn as_text(error: &anyhow::Error, known: Option<&Error>) -> String {
    let hint = known.and_then(Error::cure).map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    format!("error: {error}{hint}")
}

fn as_json(error: &anyhow::Error, known: Option<&Error>) -> String {
    let kind = known.map_or(ErrorKind::Internal, Error::kind);
    error_json(kind, &error.to_string(), known.and_then(Error::cure))
}

fn error_json(kind: ErrorKind, message: &str, hint: Option<&str>) -> String {
    let error = ErrorDetail {
        kind: kind.name().to_owned(),
        message: message.to_owned(),
        hint: hint.map(str::to_owned),
    };
    // Three strings always serialise; were it otherwise, the message is what counts.
    serde_json::to_string(&Failure { error }).unwrap_or_else(|_| message.to_owned())
}
