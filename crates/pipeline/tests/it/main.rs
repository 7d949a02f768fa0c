//! The support check, measured on sentences of the sample library and of the development sets.

#![expect(clippy::print_stdout, reason = "a test run shows the figures that its gates compare")]

mod claims;
mod support;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, support::trials()).exit_code()
}
