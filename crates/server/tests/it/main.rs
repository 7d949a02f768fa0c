//! The service over real connections, with the real product behind it.

mod answers;
mod client;
mod described;
mod ending;
mod fixture;
mod guarded;
mod library;
mod originals;
mod problems;

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = pllm_app::conversion::worker_child() {
        return code;
    }
    let cases = [
        answers::trials(),
        described::trials(),
        ending::trials(),
        guarded::trials(),
        library::trials(),
        originals::trials(),
        problems::trials(),
    ];
    pllm_testkit::run(cases.into_iter().flatten().collect())
}
