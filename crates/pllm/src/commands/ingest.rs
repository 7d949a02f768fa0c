//! `pllm ingest`.

use super::report;
use crate::arguments::IngestArguments;
use crate::progress::IngestBar;
use crate::session::Session;
use crate::{exit, output};
use anyhow::Result;
use pllm_app::ingest::{FileStatus, IngestOptions, IngestSummary};
use pllm_app::views;
use pllm_core::converter::DatasetColumns;
use pllm_core::{Error, Meta, MetaValue};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

pub(crate) async fn run(session: &Session, arguments: IngestArguments) -> Result<ExitCode> {
    let columns = DatasetColumns { content: arguments.content, meta: arguments.meta, id: arguments.id };
    let options =
        IngestOptions { set: metadata(&arguments.set)?, columns, passwords: arguments.passwords.read()? };
    let collection = &arguments.collection.collection;
    let app = session.open("ingest").await?;
    let bar = Arc::new(IngestBar::new(session.global.quiet));
    let began = Instant::now();
    let summary =
        app.ingest(collection, &arguments.paths, options, bar.clone(), session.cancel.clone()).await;
    bar.finish();
    let (summary, seconds) = (summary?, began.elapsed().as_secs_f64());
    if session.global.json {
        output::json(&views::IngestSummary::new(&summary, collection, seconds))?;
    } else {
        output::print(&as_text(&summary, collection, seconds))?;
    }
    Ok(ExitCode::from(match (summary.cancelled, summary.failed()) {
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

fn as_text(summary: &IngestSummary, collection: &str, seconds: f64) -> String {
    let ingested = summary.count(|status| matches!(status, FileStatus::Ingested { .. }));
    let unchanged = summary.count(|status| matches!(status, FileStatus::Unchanged { .. }));
    let mut text = String::new();
    for file in &summary.files {
        if let FileStatus::Ingested { report, .. } = &file.status {
            let path = file.path.display();
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
        "{ingested} files ingested, {unchanged} unchanged, {} failed: {} documents in collection {collection:?} ({seconds:.1} s)\n",
        summary.failed(),
        summary.documents
    ));
    text
}
