//! The parent of a local model, with a child that plays scripts: this test binary once more. No model and no C++ is needed.

#![expect(
    clippy::expect_used,
    reason = "a panic is the report of a failure here, as in tests with a harness"
)]

mod child;
mod life;
mod scripts;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if let (Some("__worker"), Some(socket)) = (arguments.next().as_deref(), arguments.next()) {
        return child::run(&socket);
    }
    match pllm_testkit::generator_suite::trials(scripts::LocalScripts) {
        Ok(suite) => pllm_testkit::run(suite.into_iter().chain(life::trials()).collect()),
        Err(_) => ExitCode::FAILURE,
    }
}
