//! The child: one model, one question at a time, until the parent closes the pipe.

use crate::engine::Engine;
use crate::processor;
use pllm_core::{Error, ErrorKind, Result};
use pllm_models::generators::local::LLM;
use pllm_models::generators::local::wire::{Ask, Reply};
use pllm_runtime::worker::{self, Allowance, serve};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Serves as a child where the arguments of this process ask for one; the program calls this first of all, while it has one
/// thread. None where it is not to be one.
#[must_use]
pub fn worker_child() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let (first, second, file) = (arguments.next()?, arguments.next()?, arguments.next()?);
    if first != worker::ARGUMENT || second != LLM {
        return None;
    }
    let file = PathBuf::from(file);
    let missing = processor::missing();
    let allowance = Allowance { file: Some(file.clone()), threads: true };
    let mut engine = None;
    Some(serve(&allowance, |request, _| {
        let reply = match &missing {
            Some(missing) => Err(unfit(missing)),
            None => answer(&request.head, &file, &mut engine),
        };
        let reply = reply.unwrap_or_else(|error| Reply::failed(&error));
        // The parent takes an empty reply for nonsense.
        serde_json::to_vec(&reply).unwrap_or_default()
    }))
}

fn answer(head: &[u8], file: &Path, engine: &mut Option<Engine>) -> Result<Reply> {
    let ask: Ask = serde_json::from_slice(head)
        .map_err(|_| Error::new(ErrorKind::Internal, "llama.child", "what the parent asks does not read"))?;
    let loaded =
        || Error::new(ErrorKind::Internal, "llama.child", "the model is not loaded, expected that first");
    if let Ask::Load(load) = ask {
        *engine = Some(Engine::load(file, load)?);
        return Ok(Reply::Done);
    }
    let engine = engine.as_mut().ok_or_else(loaded)?;
    match ask {
        Ask::Load(_) => Ok(Reply::Done),
        Ask::Count(text) => Ok(Reply::Counted(engine.count(&text))),
        Ask::Begin(begin) => engine.begin(begin),
        Ask::Step => engine.step(),
    }
}

fn unfit(missing: &str) -> Error {
    let message = format!("this processor lacks {missing}, which the local model needs");
    Error::new(ErrorKind::Unsupported, "llama.processor", message)
        .hint("build pllm on this computer with PLLM_LLM_NATIVE=1, or choose a model of another server")
}
