//! Why a worker did not finish, in words that people read.

use super::WorkLimits;
use pllm_core::{Error, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// What ended a piece of work before its result was there.
#[derive(Debug)]
pub(super) enum End {
    /// The worker closed its output, or died.
    Lost,
    /// It took too long.
    Late,
    /// Somebody asked to stop.
    Cancelled,
    /// It replied too much.
    TooMuch,
    /// It sent what is no reply.
    Garbage,
    /// The handler panicked, there.
    Panicked(String),
    /// Whoever takes the items does not want them.
    Refused(Error),
}

const OPERATION: &str = "runtime.worker";

impl End {
    /// The error of this end of `task`; `status` and the last of its standard error are those of the worker that is gone.
    pub(super) fn error(
        self,
        task: &str,
        limits: WorkLimits,
        status: Option<ExitStatus>,
        told: &str,
    ) -> Error {
        let error = |kind, message: String| Error::new(kind, OPERATION, message);
        match self {
            Self::Refused(error) => error,
            Self::Cancelled => error(ErrorKind::Cancelled, format!("{task} was stopped")),
            Self::Late => error(
                ErrorKind::Timeout,
                format!("{task} took longer than {} s", limits.time.as_secs_f64().ceil()),
            ),
            Self::TooMuch => {
                let most = limits.output_bytes >> 20;
                error(ErrorKind::TooLarge, format!("{task} gave more than {most} MiB"))
            }
            Self::Garbage => {
                error(ErrorKind::Internal, format!("the process {task} replied what does not read"))
            }
            Self::Panicked(place) => {
                error(ErrorKind::Internal, format!("{task} met a defect of this program ({place})"))
            }
            Self::Lost => lost(task, limits, status, told),
        }
    }
}

/// What a worker died of. That memory or stack ran out, the standard library tells before it aborts.
fn lost(task: &str, limits: WorkLimits, status: Option<ExitStatus>, told: &str) -> Error {
    if told.contains("memory allocation of") {
        let most = limits.memory_bytes >> 20;
        let message = format!("{task} needs more than {most} MiB of memory");
        return Error::new(ErrorKind::TooLarge, OPERATION, message);
    }
    if told.contains("has overflowed its stack") {
        let message = format!("{task} ran out of stack: it is nested too deeply");
        return Error::new(ErrorKind::InvalidInput, OPERATION, message);
    }
    let how = match status {
        Some(status) => match (status.signal(), status.code()) {
            (Some(signal), _) => format!("crashed (signal {signal})"),
            (None, code) => format!("ended early (exit code {})", code.unwrap_or_default()),
        },
        None => "is gone".to_owned(),
    };
    Error::new(ErrorKind::Internal, OPERATION, format!("the process {task} {how}"))
}
