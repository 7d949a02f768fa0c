//! The real engine with the small model, as its parent sees it. The child is this test binary once more.

mod faults;
mod model;
mod prompts;
mod writing;

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = pllm_llama::worker_child() {
        return code;
    }
    let cases = [writing::trials(), prompts::trials(), faults::trials()];
    pllm_testkit::run(cases.into_iter().flatten().collect())
}
