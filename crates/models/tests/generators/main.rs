//! Every generator over engines that play scripts: of a local model it is a child, this test binary once more; behind an address a
//! server on loopback. No model and no C++ is needed.

#![expect(
    clippy::expect_used,
    reason = "a panic is the report of a failure here, as in tests with a harness"
)]

mod child;
mod life;
mod local;
mod openai;

use libtest_mimic::Trial;
use pllm_testkit::generator_suite;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if let (Some("__worker"), Some(socket)) = (arguments.next().as_deref(), arguments.next()) {
        return child::run(&socket);
    }
    match trials() {
        Ok(trials) => pllm_testkit::run(trials),
        Err(_) => ExitCode::FAILURE,
    }
}

fn trials() -> std::io::Result<Vec<Trial>> {
    let mut trials = generator_suite::trials(local::LocalScripts)?;
    trials.extend(generator_suite::trials(openai::OpenAiScripts)?);
    trials.extend(life::trials());
    Ok(trials)
}
