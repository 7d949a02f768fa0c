//! What every request shares.

use crate::limits::Limits;
use crate::metrics::Metrics;
use pllm_app::App;
use pllm_runtime::lock::Token;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;

/// How to serve.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The web page's files, read from this folder at every request, instead of those built in.
    pub ui_dir: Option<PathBuf>,
}

/// One running service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) app: Arc<App>,
    pub(crate) options: Options,
    /// The port that browsers have to name.
    pub(crate) port: u16,
    /// What the command line of the data's owner shows.
    pub(crate) token: Token,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    /// Whether the models and indexes are loaded, or why they are not; nothing as long as they are being loaded.
    pub(crate) warmed: OnceLock<Result<(), String>>,
    /// Becomes true when the service ends: streams end then.
    pub(crate) stopping: watch::Sender<bool>,
}

/// As handlers get it.
pub(crate) type Shared = Arc<Service>;

impl Service {
    pub(crate) fn new(app: Arc<App>, port: u16, token: Token, options: Options) -> Shared {
        let limits = Limits::new(&app.config.server);
        Arc::new(Self {
            app,
            options,
            port,
            token,
            limits,
            metrics: Metrics::default(),
            warmed: OnceLock::new(),
            stopping: watch::Sender::new(false),
        })
    }

    /// Loads the models and indexes, however long it takes.
    pub(crate) async fn warm(&self) {
        let warmed = self.app.warm().await;
        if let Err(error) = &warmed {
            tracing::warn!(%error, hint = error.cure(), "the models cannot be loaded");
        }
        // Only this task sets it.
        let _ = self.warmed.set(warmed.map_err(|error| error.to_string()));
    }
}
