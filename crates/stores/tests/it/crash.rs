//! What is left when the process is killed: every acknowledged write once, no acknowledged delete, sound files and indexes.
//!
//! The writer is this test binary once more, as a child with [`child::ROOT`] set. It tells each step before and after it is done;
//! the parent kills it between two acknowledgements, opens the same folder and compares what is there with what was told.

pub(crate) mod child;
mod durable;
mod folder;
mod journal;
mod kill;
pub(crate) mod script;
mod strace;
pub(crate) mod subject;

use crate::chroma::server::{self, Server};
use libtest_mimic::{Completion, Failed, Trial};
use std::env;
use subject::Subject;

/// Points at which a writer is killed, half of them at random times, half at system calls.
const POINTS: &str = "PLLM_CRASH_POINTS";
const DEFAULT_POINTS: usize = 40;
/// Of so many points of the embedded store, one of Chroma's.
const CHROMA_SHARE: usize = 4;

/// The crash cases.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("memory::crash::killed_at_random_times", || {
            kill::at_random_times(Subject::Memory, points()? / 2)
        }),
        Trial::ignorable_test("memory::crash::killed_at_system_calls", || {
            with_strace(|| kill::at_system_calls(Subject::Memory, points()? / 2))
        }),
        Trial::ignorable_test("memory::crash::written_is_synced_before_it_is_acknowledged", || {
            with_strace(durable::written_is_synced_before_it_is_acknowledged)
        }),
        Trial::test("memory::crash::a_missing_sync_is_seen", durable::a_missing_sync_is_seen),
        Trial::ignorable_test("chroma::crash::killed_at_random_times", || with_chroma(kill::at_random_times)),
        Trial::ignorable_test("chroma::crash::killed_at_system_calls", || {
            match strace::presence().settle("strace")? {
                Some(ending) => Ok(ending),
                None => with_chroma(kill::at_system_calls),
            }
        }),
    ]
}

fn with_strace(test: impl FnOnce() -> Result<(), Failed>) -> Result<Completion, Failed> {
    if let Some(ending) = strace::presence().settle("strace")? {
        return Ok(ending);
    }
    test().map(|()| Completion::Completed)
}

/// Kills writers at half of Chroma's points, beside a server of their own.
fn with_chroma(test: fn(Subject, usize) -> Result<(), Failed>) -> Result<Completion, Failed> {
    if let Some(ending) = server::presence().settle("chroma")? {
        return Ok(ending);
    }
    let server = Server::start()?;
    test(Subject::Chroma(server.url().to_owned()), points()? / CHROMA_SHARE / 2)
        .map(|()| Completion::Completed)
}

fn points() -> Result<usize, Failed> {
    let Ok(text) = env::var(POINTS) else { return Ok(DEFAULT_POINTS) };
    text.parse().map_err(|_| format!("{POINTS} is {text:?}, expected a number").into())
}
