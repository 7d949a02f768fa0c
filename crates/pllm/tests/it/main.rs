//! The real binary as its users run it.

mod commands;
mod convert;
mod crash;
mod nehalem;
mod program;
mod serve;

use std::process::ExitCode;

fn main() -> ExitCode {
    let cases = [commands::trials(), convert::trials(), crash::trials(), nehalem::trials(), serve::trials()];
    pllm_testkit::run(cases.into_iter().flatten().collect())
}
