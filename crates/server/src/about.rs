//! The service itself: does it live, is it ready, what does it read, which models has it.

use crate::problem::Problem;
use crate::state::{Service, Shared};
use axum::Json;
use axum::extract::State;
use pllm_app::models;
use pllm_app::views;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Health {
    /// The program's version.
    version: String,
    /// `warming` while the models and the indexes of the collections are loaded, then `ready`; `failed` when they cannot be.
    state: String,
    /// Why it failed.
    fault: Option<String>,
    /// The models of the catalogue.
    models: Vec<views::Model>,
    /// Where everything is stored.
    data_dir: String,
    /// Bytes that the disk there has left.
    disk_free_bytes: u64,
}

impl Service {
    fn state(&self) -> &'static str {
        match self.warmed.get() {
            None => "warming",
            Some(Ok(())) => "ready",
            Some(Err(_)) => "failed",
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        matches!(self.warmed.get(), Some(Ok(())))
    }

    fn models(&self) -> Vec<views::Model> {
        models::list(&self.app.config).iter().map(views::Model::new).collect()
    }
}

/// How the service is
#[utoipa::path(get, path = "/api/health", tag = "about", responses((status = 200, body = Health)))]
pub(crate) async fn health(State(service): State<Shared>) -> Result<Json<Health>, Problem> {
    Ok(Json(Health {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        state: service.state().to_owned(),
        fault: service.warmed.get().and_then(|warmed| warmed.clone().err()),
        models: service.models(),
        data_dir: service.app.config.data_dir.display().to_string(),
        disk_free_bytes: service.app.disk_free_bytes().await?,
    }))
}

/// The formats that are read
#[utoipa::path(get, path = "/api/formats", tag = "about", responses((status = 200, body = Vec<views::Format>)))]
pub(crate) async fn formats() -> Json<Vec<views::Format>> {
    Json(views::Format::all())
}

/// The models of the catalogue, and which of them are here
#[utoipa::path(get, path = "/api/models", tag = "about", responses((status = 200, body = Vec<views::Model>)))]
pub(crate) async fn list_models(State(service): State<Shared>) -> Json<Vec<views::Model>> {
    Json(service.models())
}

/// Whether the process lives
#[utoipa::path(get, path = "/livez", tag = "about", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn livez() -> &'static str {
    "alive\n"
}

/// Whether the models and the indexes of the collections are loaded
#[utoipa::path(get, path = "/readyz", tag = "about", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn readyz(State(service): State<Shared>) -> Result<&'static str, Problem> {
    match service.warmed.get() {
        Some(Ok(())) => Ok("ready\n"),
        Some(Err(fault)) => {
            Err(Problem::of("unavailable", fault.clone()).hint("`pllm models list` shows what is here"))
        }
        None => Err(Problem::of("unavailable", "the models and the indexes are being loaded")),
    }
}
