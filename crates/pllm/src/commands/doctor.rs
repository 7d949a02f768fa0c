//! `pllm doctor`.

use crate::session::Session;
use crate::{exit, output};
use anyhow::Result;
use pllm_app::doctor::Finding;
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) async fn run(session: &Session) -> Result<ExitCode> {
    let app = session.open("doctor").await?;
    let findings = app.doctor().await?;
    let well = findings.iter().all(|finding| finding.well);
    if session.global.json {
        let findings: Vec<Value> = findings.iter().map(as_json).collect();
        output::json(&json!({"well": well, "findings": findings}))?;
    } else {
        output::print(&findings.iter().map(as_text).collect::<String>())?;
    }
    Ok(ExitCode::from(if well { 0 } else { exit::FAILED }))
}

fn as_text(finding: &Finding) -> String {
    let mark = if finding.well { "ok  " } else { "BAD " };
    let hint = finding.hint.as_ref().map(|hint| format!("\n     hint: {hint}")).unwrap_or_default();
    format!("{mark} {:<22} {}{hint}\n", finding.what, finding.detail)
}

fn as_json(finding: &Finding) -> Value {
    json!({"what": finding.what, "well": finding.well, "detail": finding.detail, "hint": finding.hint})
}
