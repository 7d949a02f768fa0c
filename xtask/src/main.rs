//! `cargo xtask tidy`: does the repository keep its own rules? Prints every finding and exits 1 if there is one.

mod tidy;

use std::io::{self, Write};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy";

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().map(String::as_str).ne(["tidy"]) {
        writeln!(io::stderr(), "{USAGE}")?;
        return Ok(ExitCode::from(2));
    }
    let report = tidy::run()?;
    let mut out = io::stdout().lock();
    for finding in &report.findings {
        writeln!(out, "{finding}")?;
    }
    let (files, packages, found) = (report.files, report.packages, report.findings.len());
    writeln!(out, "tidy: {files} files, {packages} packages, {found} findings")?;
    Ok(if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
