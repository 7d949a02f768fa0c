//! `pllm doctor`.

use crate::session::Session;
use crate::{exit, output};
use anyhow::Result;
use pllm_app::doctor::Finding;
use std::process::ExitCode;

pub(crate) async fn run(session: &Session) -> Result<ExitCode> {
    let findings = session.library("doctor").await?.doctor().await?;
    if session.global.json {
        output::json(&findings)?;
    } else {
        output::print(&findings.findings.iter().map(as_text).collect::<String>())?;
    }
    Ok(ExitCode::from(if findings.well { 0 } else { exit::FAILED }))
}

fn as_text(finding: &Finding) -> String {
    let mark = if finding.well { "ok  " } else { "BAD " };
    let hint = finding.hint.as_ref().map(|hint| format!("\n     hint: {hint}")).unwrap_or_default();
    format!("{mark} {:<22} {}{hint}\n", finding.what, finding.detail)
}
