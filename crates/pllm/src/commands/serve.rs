//! `pllm serve`.

use crate::arguments::ServeArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_server::{Options, bind};
use serde::Serialize;
use std::process::{ExitCode, Stdio};
use tokio::signal::unix::{SignalKind, signal};

/// Where the service is.
#[derive(Debug, Serialize)]
struct Serving {
    url: String,
    metrics: Option<String>,
}

pub(crate) async fn run(session: &Session, arguments: ServeArguments) -> Result<ExitCode> {
    // Before the data directory: a port that is taken is told at once, and whoever comes early waits instead of being refused.
    let bound = bind(&arguments.host, arguments.port, arguments.metrics_port).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let app = session.open("serve").await?;
    let serving = Serving { url: bound.url(), metrics: bound.metrics_url() };
    if session.global.json {
        output::json(&serving)?;
    } else {
        output::print(&as_text(&serving))?;
    }
    if arguments.open {
        open(&serving.url);
    }
    let stop = async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("ending: what is under way is finished first");
    };
    bound.serve(app, Options { ui_dir: arguments.ui_dir }, stop).await?;
    Ok(ExitCode::SUCCESS)
}

fn as_text(serving: &Serving) -> String {
    let metrics = serving.metrics.as_ref().map(|url| format!("metrics on {url}\n")).unwrap_or_default();
    format!("Personal LLM is on {}  (Ctrl-C ends it)\n{metrics}", serving.url)
}

/// Shows the page in the browser that the desktop knows; where there is none, the address was printed.
fn open(url: &str) {
    let mut command = tokio::process::Command::new("xdg-open");
    let command = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        tracing::warn!(%error, "no browser was opened");
    }
}
