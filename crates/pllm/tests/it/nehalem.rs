//! A processor of 2008, without AVX: the portable paths give the same answer.

use crate::program::{Outcome, Program, binary, repository, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use std::process::Command;

pub(crate) fn trials() -> Vec<Trial> {
    vec![with_model("nehalem::hybrid_search_finds_the_same_without_avx", Some("qemu-x86_64"), search)]
}

fn search() -> Outcome {
    let program = Program::new()?;
    let file = repository().join("tests/data/library/files/dishwasher-manual.md");
    program.text(&["ingest", &file.display().to_string()])?;
    let arguments = ["search", "How do I stop the machine from leaking?", "--mode", "hybrid", "--json"];
    let native: Value = serde_json::from_str(&program.text(&arguments)?)?;
    let mut command = Command::new("qemu-x86_64");
    command.args(["-cpu", "Nehalem", binary()]).args(arguments);
    let emulated = command.env("PLLM_DATA_DIR", program.data()).env("PLLM_CONFIG", "/dev/null").output()?;
    ensure!(emulated.status.success(), "{}", String::from_utf8_lossy(&emulated.stderr));
    let emulated: Value = serde_json::from_slice(&emulated.stdout)?;
    let list = |found: &Value| -> anyhow::Result<Vec<(String, f64)>> {
        let documents = found["documents"].as_array().context("a list")?;
        Ok(documents.iter().map(|d| (d["id"].to_string(), d["score"].as_f64().unwrap_or(0.0))).collect())
    };
    let (native, emulated) = (list(&native)?, list(&emulated)?);
    ensure!(!native.is_empty() && native.len() == emulated.len(), "{native:?}\n{emulated:?}");
    for ((id, score), (other, other_score)) in native.iter().zip(&emulated) {
        // Sums are taken in another order, so scores differ in their last digits.
        ensure!(id == other && (score - other_score).abs() < 1e-3, "{native:?}\n{emulated:?}");
    }
    Ok(())
}
