//! The real binary as its users run it.

mod chain;
mod commands;
mod convert;
mod crash;
mod disk;
mod injection;
mod nehalem;
mod program;
mod quiet;
mod restart;
mod serve;
mod through;

use std::process::ExitCode;

fn main() -> ExitCode {
    let cases = [
        chain::trials(),
        commands::trials(),
        convert::trials(),
        crash::trials(),
        disk::trials(),
        injection::trials(),
        nehalem::trials(),
        quiet::trials(),
        restart::trials(),
        serve::trials(),
        through::trials(),
    ];
    pllm_testkit::run(cases.into_iter().flatten().collect())
}
