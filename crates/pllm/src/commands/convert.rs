//! `pllm convert`.

use super::report;
use crate::arguments::ConvertArguments;
use crate::session::Session;
use crate::{exit, output};
use anyhow::Result;
use pllm_app::conversion::{ConvertedFile, convert_files};
use pllm_app::report::StoredReport;
use pllm_core::{Error, ErrorKind, ReadingReport};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, arguments: ConvertArguments) -> Result<ExitCode> {
    let (config, _) = session.config()?;
    let passwords = arguments.passwords.read()?;
    let lines = arguments.jsonl || session.global.json;
    let many = arguments.paths.len() > 1 || arguments.paths.iter().any(|path| path.is_dir());
    let mut failed = 0;
    let mut tell = |file: ConvertedFile| {
        failed += usize::from(status(&file) != "ok");
        let told = if lines { output::line(&as_json(&file).to_string()) } else { as_text(&file, many) };
        told.map_err(|error| {
            Error::new(ErrorKind::Unavailable, "pllm.convert", "cannot write the text").caused_by(error)
        })
    };
    convert_files(&config, &arguments.paths, &passwords, &session.cancel, &mut tell).await?;
    Ok(ExitCode::from(if failed == 0 { 0 } else { exit::PARTLY }))
}

fn status(file: &ConvertedFile) -> &'static str {
    match &file.outcome {
        Ok(report) if report.is_empty() => "empty",
        Ok(_) => "ok",
        Err(_) if file.protected => "password",
        Err(_) => "error",
    }
}

fn as_text(file: &ConvertedFile, many: bool) -> Result<()> {
    let name = file.file.display();
    match &file.outcome {
        Ok(report) => {
            for line in report::warning_lines(&StoredReport::of(report)?) {
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

fn as_json(file: &ConvertedFile) -> Value {
    let mut json = json!({
        "file": file.file.display().to_string(), "status": status(file), "text": file.text,
        "seconds": super::round(file.usage.seconds), "rss_mb": file.usage.peak_bytes.map(megabytes),
    });
    match &file.outcome {
        Ok(report) => json["report"] = report_json(report),
        Err(error) => {
            let kind = error.kind().name();
            json["error"] = json!({"kind": kind, "message": error.to_string(), "hint": error.cure()});
        }
    }
    json
}

fn report_json(report: &ReadingReport) -> Value {
    let mut json = match StoredReport::of(report) {
        Ok(report) => report::as_json(&report),
        Err(error) => json!({"error": error.to_string()}),
    };
    json["format"] = json!(report.format);
    json["encoding"] = json!(report.encoding);
    json
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round() / 10.0
}
