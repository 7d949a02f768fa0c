//! The use cases on the real store and the real model: ingest, re-ingest, delete, recover, ask; and the quality gates.
#![expect(clippy::print_stdout, reason = "a test run shows the figures that its gates compare")]

mod citations;
mod datasets;
mod fixture;
mod handed;
mod ingest;
mod jobs;
mod languages;
mod library;
mod llms;
mod metadata;
mod poppler;
mod readers;
mod sets;
mod trace_rows;
mod traces;

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = pllm_app::conversion::worker_child() {
        return code;
    }
    let cases = [
        ingest::trials(),
        jobs::trials(),
        handed::trials(),
        datasets::trials(),
        citations::trials(),
        metadata::trials(),
        trace_rows::trials(),
        traces::trials(),
        readers::trials(),
        library::trials(),
        llms::trials(),
        poppler::trials(),
        languages::trials(),
        sets::trials(),
    ];
    pllm_testkit::run(cases.into_iter().flatten().collect())
}
