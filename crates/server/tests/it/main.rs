//! The service over real connections, with the real product behind it.

mod answers;
mod client;
mod described;
mod ending;
mod fixture;
mod guarded;
mod library;
mod limits;
mod local;
mod originals;
mod pages;
mod problems;
mod slow;
mod traces;
mod uploads;
mod v1;

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
        limits::trials(),
        local::trials(),
        originals::trials(),
        pages::trials(),
        problems::trials(),
        slow::trials(),
        traces::trials(),
        uploads::trials(),
        v1::trials(),
    ];
    pllm_testkit::run(cases.into_iter().flatten().collect())
}
