//! `pllm serve`.

use crate::arguments::ServeArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::config::Config;
use pllm_app::{App, Opened};
use pllm_core::ErrorKind;
use pllm_runtime::DirectoryLock;
use pllm_runtime::lock::{Access, Service};
use pllm_server::{Options, bind};
use serde::Serialize;
use std::process::{ExitCode, Stdio};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Where the service is.
#[derive(Debug, Serialize)]
struct Serving {
    url: String,
    metrics: Option<String>,
    /// The process that serves already; none when this one begins to.
    already: Option<u32>,
}

pub(crate) async fn run(session: &Session, arguments: ServeArguments) -> Result<ExitCode> {
    let (config, _) = session.config()?;
    // Before the data directory: a port that is taken is told at once, and whoever comes early waits instead of being refused.
    let bound = match bind(&arguments.host, arguments.port, arguments.metrics_port).await {
        Ok(bound) => bound,
        Err(error) => match holder(&config).filter(|_| error.kind() == ErrorKind::Conflict) {
            Some(service) => return already(session, &arguments, &service),
            None => return Err(error.into()),
        },
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let app = match App::open_or_find(config, "pllm serve").await? {
        Opened::Here(app) => *app,
        Opened::Served(service) => return already(session, &arguments, &service),
    };
    tell(session, &arguments, &Serving { url: bound.url(), metrics: bound.metrics_url(), already: None })?;
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

/// The service that has this data directory, and so most often the port as well.
fn holder(config: &Config) -> Option<Service> {
    match DirectoryLock::acquire_or_find(&config.data_dir, "pllm serve", Duration::ZERO) {
        Ok(Access::Served(service)) => Some(service),
        _ => None,
    }
}

/// What was wanted is there.
fn already(session: &Session, arguments: &ServeArguments, service: &Service) -> Result<ExitCode> {
    let url = format!("http://{}", service.address);
    tell(session, arguments, &Serving { url, metrics: None, already: Some(service.process) })?;
    Ok(ExitCode::SUCCESS)
}

fn tell(session: &Session, arguments: &ServeArguments, serving: &Serving) -> Result<()> {
    if session.global.json {
        output::json(serving)?;
    } else {
        output::print(&as_text(serving))?;
    }
    if arguments.open {
        open(&serving.url);
    }
    Ok(())
}

fn as_text(serving: &Serving) -> String {
    let metrics = serving.metrics.as_ref().map(|url| format!("metrics on {url}\n")).unwrap_or_default();
    let how = match serving.already {
        None => "(Ctrl-C ends it)".to_owned(),
        Some(process) => format!("already, with this data directory (process {process})"),
    };
    format!("Personal LLM is on {}  {how}\n{metrics}", serving.url)
}

/// Shows the page in the browser that the desktop knows; where there is none, the address was printed.
fn open(url: &str) {
    let mut command = tokio::process::Command::new("xdg-open");
    let command = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        tracing::warn!(%error, "no browser was opened");
    }
}
