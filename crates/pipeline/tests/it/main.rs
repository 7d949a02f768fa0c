//! The support check, measured on sentences of the sample library and of the development sets.

#![expect(clippy::print_stdout, reason = "a test run shows the figures that its gates compare")]

mod claims;
mod orders;
mod support;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let trials = support::trials().into_iter().chain(orders::trials()).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
