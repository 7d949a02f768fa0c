//! Workers that misbehave: what each of them costs, and what is told about it. The workers are this test binary once more.

mod child;
mod confinement;
mod faults;
mod lasting;
mod life;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("__worker"), Some(role)) => child::run(&role),
        (Some("__parent"), _) => life::parent(),
        _ => {
            let cases = [faults::trials(), confinement::trials(), lasting::trials(), life::trials()];
            pllm_testkit::run(cases.into_iter().flatten().collect())
        }
    }
}
