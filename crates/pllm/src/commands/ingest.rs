//! `pllm ingest`.

use super::report;
use crate::arguments::IngestArguments;
use crate::progress::IngestBar;
use crate::session::Session;
use crate::{exit, output};
use anyhow::Result;
use pllm_app::ingest::IngestOptions;
use pllm_app::views::IngestSummary;
use pllm_core::converter::DatasetColumns;
use pllm_core::{Error, Meta, MetaValue};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) async fn run(session: &Session, arguments: IngestArguments) -> Result<ExitCode> {
    let columns = DatasetColumns { content: arguments.content, meta: arguments.meta, id: arguments.id };
    let options =
        IngestOptions { set: metadata(&arguments.set)?, columns, passwords: arguments.passwords.read()? };
    let collection = &arguments.collection.collection;
    let paths = arguments.paths.iter().map(std::path::absolute).collect::<std::io::Result<Vec<PathBuf>>>()?;
    let library = session.library("ingest").await?;
    let bar = Arc::new(IngestBar::new(session.global.quiet));
    let summary = library.ingest(collection, &paths, options, bar.clone(), session.cancel.clone()).await;
    bar.finish();
    let summary = summary?;
    if session.global.json {
        output::json(&summary)?;
    } else {
        output::print(&as_text(&summary))?;
    }
    Ok(ExitCode::from(match (summary.cancelled, summary.failed) {
        (true, _) => exit::CANCELLED,
        (false, 0) => 0,
        (false, _) => exit::PARTLY,
    }))
}

fn metadata(pairs: &[String]) -> Result<Meta> {
    let pair = |text: &String| match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), set_value(value.trim()))),
        _ => Err(Error::invalid("pllm.ingest", format!("--set {text:?} has no key, expected KEY=VALUE"))),
    };
    Ok(pairs.iter().map(pair).collect::<Result<_, _>>()?)
}

/// A value in quotation marks is text, whatever it looks like: `zip="10115"`.
fn set_value(value: &str) -> MetaValue {
    match value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) => text.into(),
        None => MetaValue::infer(value),
    }
}

/// Of each file so many warnings are shown, and so many things left out; `sources show` has all.
const SHOWN: usize = 5;

fn as_text(summary: &IngestSummary) -> String {
    let (ingested, unchanged) = (summary.count("ingested"), summary.count("unchanged"));
    let mut text = String::new();
    for file in &summary.files {
        if let Some(report) = &file.report {
            let path = &file.path;
            for line in report::at_most(report::warning_lines(report), SHOWN) {
                text.push_str(&format!("warning: {path}: {line}\n"));
            }
            for line in report::at_most(report::dropped_lines(report), SHOWN) {
                text.push_str(&format!("left out: {path}: {line}\n"));
            }
        }
    }
    if summary.cancelled {
        text.push_str("stopped; files that were not finished left nothing behind\n");
    }
    text.push_str(&format!(
        "{ingested} files ingested, {unchanged} unchanged, {} failed: {} documents in collection {:?} ({:.1} s)\n",
        summary.failed, summary.documents, summary.collection, summary.seconds,
    ));
    text
}
