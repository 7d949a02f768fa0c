//! `/v1/models`: the collections, each by itself and with every language model that may write.

use super::named::SEPARATOR;
use crate::extract::Path;
use crate::problem::Problem;
use crate::state::{Service, Shared};
use axum::Json;
use axum::extract::State;
use pllm_app::metadata::CollectionRecord;
use pllm_app::{DEFAULT_EMBEDDER, views};
use serde::Serialize;
use utoipa::ToSchema;

/// What can be named as a model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenAiModels)]
pub(crate) struct Models {
    /// `list`.
    object: &'static str,
    /// Collections by name, each followed by itself with a language model; the embedder comes last.
    data: Vec<Model>,
}

/// A model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenAiModel)]
pub(crate) struct Model {
    /// What it is asked by.
    id: String,
    /// `model`.
    object: &'static str,
    /// When the collection was made, seconds since 1970; 0 for the embedder.
    created: i64,
    /// `pllm`.
    owned_by: &'static str,
    /// What it is here.
    pllm: ModelDetail,
}

/// What a model is here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenAiModelDetail)]
pub(crate) struct ModelDetail {
    /// The collection that answers; null for the embedder.
    #[schema(required)]
    collection: Option<String>,
    /// The language model that writes; null where none does.
    #[schema(required)]
    llm: Option<String>,
    /// The host that gets questions and passages; null when they stay on this computer.
    #[schema(required)]
    host: Option<String>,
    /// Whether that host is another computer.
    remote: bool,
}

/// The models in OpenAI's language
#[utoipa::path(get, path = "/v1/models", tag = "openai", responses((status = 200, body = Models)))]
pub(crate) async fn list(State(service): State<Shared>) -> Result<Json<Models>, Problem> {
    Ok(Json(Models { object: "list", data: all(&service).await? }))
}

/// A model in OpenAI's language
#[utoipa::path(get, path = "/v1/models/{model}", tag = "openai",
    params(("model" = String, Path, description = "Its id in the list")), responses((status = 200, body = Model)))]
pub(crate) async fn show(
    State(service): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Model>, Problem> {
    let found = all(&service).await?.into_iter().find(|model| model.id == id);
    let unknown = || Problem::of("not-found", format!("model {id:?} is not here")).about("model");
    found.map(Json).ok_or_else(|| unknown().hint("/v1/models lists what is"))
}

async fn all(service: &Service) -> Result<Vec<Model>, Problem> {
    let (default, collections) = (&service.app.config.ask_llm, service.app.collections().await?);
    let llms = service.app.llms();
    let llms = llms.iter().filter(|listed| listed.fault.is_none());
    let llms: Vec<views::Llm> = llms.map(|listed| views::Llm::new(listed, default)).collect();
    let mut all: Vec<Model> = collections.iter().flat_map(|record| of(record, &llms)).collect();
    all.push(Model::embedder());
    // Of two with one name, the collection is meant.
    let is_meant = |model: &Model| {
        let own = model.pllm.collection.as_ref() == Some(&model.id);
        own || !collections.iter().any(|record| record.name == model.id)
    };
    all.retain(is_meant);
    Ok(all)
}

/// A collection by itself, with each language model that may have its text, and with none where one is configured.
fn of(record: &CollectionRecord, llms: &[views::Llm]) -> Vec<Model> {
    let (name, default) = (&record.name, llms.iter().find(|llm| llm.default));
    let mut models = vec![Model::new(name.clone(), record, default)];
    let may = llms.iter().filter(|llm| !(llm.remote && record.settings.local_only));
    models.extend(may.map(|llm| Model::new(format!("{name}{SEPARATOR}{}", llm.name), record, Some(llm))));
    models.extend(default.map(|_| Model::new(format!("{name}{SEPARATOR}"), record, None)));
    models
}

impl Model {
    fn new(id: String, record: &CollectionRecord, llm: Option<&views::Llm>) -> Self {
        let pllm = ModelDetail {
            collection: Some(record.name.clone()),
            llm: llm.map(|llm| llm.name.clone()),
            host: llm.and_then(|llm| llm.host.clone()),
            remote: llm.is_some_and(|llm| llm.remote),
        };
        Self { id, object: "model", created: record.created_at / 1_000_000, owned_by: "pllm", pllm }
    }

    fn embedder() -> Self {
        let pllm = ModelDetail { collection: None, llm: None, host: None, remote: false };
        Self { id: DEFAULT_EMBEDDER.to_owned(), object: "model", created: 0, owned_by: "pllm", pllm }
    }
}
