//! The reader's side: files come in by its pipe, their text goes out, and it has nothing else.

use super::CONVERT;
use super::wire::{self, Sent};
use pllm_runtime::worker::{self, Allowance, Replies, Request, serve};
use std::process::ExitCode;

/// Serves as a worker where the arguments of this process ask for one; every program that ingests calls this first of all, while
/// it has one thread. None where it is not to be one.
#[must_use]
pub fn worker_child() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next().as_deref()) {
        (Some(worker::ARGUMENT), Some(CONVERT)) => Some(serve(&Allowance::default(), convert)),
        (Some(worker::ARGUMENT), _) => Some(ExitCode::from(2)),
        _ => None,
    }
}

fn convert(request: &Request, replies: &mut Replies<'_>) -> Vec<u8> {
    let outcome = wire::read_head(&request.head)
        .and_then(|(name, options)| pllm_ingest::convert(&name, &request.body, &options, &mut Sent(replies)));
    wire::result(outcome)
}
