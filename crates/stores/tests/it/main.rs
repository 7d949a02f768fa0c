//! Every store: the suite that all must pass, and what only one of them must.

mod agreement;
mod chroma;
mod crash;
mod deletion;
mod memory;

use pllm_testkit::store_suite;
use std::error::Error;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    if let Some(outcome) = crash::child::run_if_asked() {
        return outcome.map(|()| ExitCode::SUCCESS);
    }
    let mut trials = store_suite::trials(memory::Memory)?;
    trials.extend(store_suite::trials(chroma::Chroma)?);
    trials.extend(chroma::trials());
    trials.extend(agreement::trials());
    trials.extend(crash::trials());
    trials.extend(deletion::trials());
    Ok(pllm_testkit::run(trials))
}
