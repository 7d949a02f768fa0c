//! `pllm convert`.

use super::report;
use crate::arguments::ConvertArguments;
use crate::session::Session;
use crate::{exit, output};
use anyhow::Result;
use pllm_app::conversion::{ConvertedFile, convert_files};
use pllm_app::views;
use pllm_core::{Error, ErrorKind};
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, arguments: ConvertArguments) -> Result<ExitCode> {
    let (config, _) = session.config()?;
    let passwords = arguments.passwords.read()?;
    let lines = arguments.jsonl || session.global.json;
    let many = arguments.paths.len() > 1 || arguments.paths.iter().any(|path| path.is_dir());
    let mut failed = 0;
    let mut tell = |file: ConvertedFile| {
        failed += usize::from(!file.outcome.as_ref().is_ok_and(|report| !report.is_empty()));
        let told = if lines { as_line(&file) } else { as_text(&file, many) };
        told.map_err(|error| {
            Error::new(ErrorKind::Unavailable, "pllm.convert", "cannot write the text").caused_by(error)
        })
    };
    convert_files(&config, &arguments.paths, &passwords, &session.cancel, &mut tell).await?;
    Ok(ExitCode::from(if failed == 0 { 0 } else { exit::PARTLY }))
}

fn as_line(file: &ConvertedFile) -> Result<()> {
    output::line(&serde_json::to_string(&views::ConvertedFile::new(file))?)
}

fn as_text(file: &ConvertedFile, many: bool) -> Result<()> {
    let name = file.file.display();
    match &file.outcome {
        Ok(report) => {
            for line in report::warning_lines(&views::Report::new(report)) {
                output::error_line(&format!("warning: {name}: {line}"));
            }
            if report.is_empty() && report.unread().is_none() {
                output::error_line(&format!("warning: {name}: the file has no text"));
            }
            let head = if many { format!("==> {name} <==\n") } else { String::new() };
            output::line(&format!("{head}{}", file.text))
        }
        Err(error) => {
            let hint = error.cure().map(|hint| format!(" ({hint})")).unwrap_or_default();
            output::error_line(&format!("not converted: {name}: {error}{hint}"));
            Ok(())
        }
    }
}
