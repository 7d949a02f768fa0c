//! The behaviour suites every implementation of a contract must pass, and what tests share: chance from a seed, a plain store,
//! and the rule that something absent is reported as ignored with its reason, never as a pass.

pub mod generator_suite;
pub mod plain_store;
pub mod presence;
pub mod random;
pub mod store_suite;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

/// Runs `trials` as a test binary without cargo's harness does: the arguments, the lines and the exit code of `cargo test`.
#[must_use]
pub fn run(trials: Vec<Trial>) -> ExitCode {
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
