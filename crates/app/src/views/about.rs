//! The installation as JSON: settings, models, what is well, and what went wrong.

use crate::config;
use crate::doctor;
use crate::models::{ListedModel, ModelState};
use indexmap::IndexMap;
use pllm_core::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A setting's value and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Effective {
    /// The value.
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
    /// Where it came from.
    pub origin: String,
}

/// Every setting by its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = std::collections::HashMap<String, Effective>)]
pub struct Effectives(pub IndexMap<String, Effective>);

impl Effectives {
    /// The settings as JSON.
    #[must_use]
    pub fn new(effective: &[config::Effective]) -> Self {
        let entry = |entry: &config::Effective| {
            let value = serde_json::to_value(&entry.value).unwrap_or_default();
            (entry.key.to_owned(), Effective { value, origin: entry.origin.to_string() })
        };
        Self(effective.iter().map(entry).collect())
    }
}

/// What is wrong with something that was checked; nothing, for whatever is wrong is an error.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Faults {
    /// One line a fault.
    pub faults: Vec<String>,
}

/// A pipeline file, or what there is to make one of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PipelineText {
    /// The text.
    pub text: String,
}

/// A model of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Model {
    /// How it is asked for.
    pub name: String,
    /// What it does: `embedder`.
    pub kind: String,
    /// Its licence, as an SPDX expression.
    pub licence: String,
    /// The page that describes it.
    pub home: String,
    /// Bytes of its files.
    pub bytes: u64,
    /// `not here`, `here, not checked` or `here, checked`.
    pub state: String,
    /// Where its files are or would be.
    pub folder: String,
}

impl Model {
    /// A model as JSON.
    #[must_use]
    pub fn new(model: &ListedModel) -> Self {
        let entry = &model.entry;
        Self {
            name: entry.name.clone(),
            kind: format!("{:?}", entry.kind).to_lowercase(),
            licence: entry.licence.clone(),
            home: entry.home.clone(),
            bytes: entry.size(),
            state: match model.state {
                ModelState::Missing => "not here",
                ModelState::Unchecked => "here, not checked",
                ModelState::Ready => "here, checked",
            }
            .to_owned(),
            folder: model.folder.display().to_string(),
        }
    }
}

/// A format that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Format {
    /// Its name, as sources and reports have it.
    pub name: String,
    /// File name endings, without the dot; the first is the usual one.
    pub extensions: Vec<String>,
    /// Media types.
    pub media_types: Vec<String>,
    /// What it is, for people.
    pub description: String,
}

impl Format {
    /// Every format that is read, in the order people are shown them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let view = |format: &pllm_ingest::Format| Self {
            name: format.name.to_owned(),
            extensions: format.extensions.iter().map(ToString::to_string).collect(),
            media_types: vec![format.media_type.to_owned()],
            description: format.description.to_owned(),
        };
        pllm_ingest::formats().iter().map(view).collect()
    }
}

/// A model that is here now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstalledModel {
    /// Its name.
    pub name: String,
    /// Where its files are.
    pub folder: String,
}

/// The models whose files are what the catalogue says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VerifiedModels {
    /// Their names.
    pub verified: Vec<String>,
}

/// What was looked at, and whether all of it is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Findings {
    /// Whether all is well.
    pub well: bool,
    /// One thing each.
    pub findings: Vec<doctor::Finding>,
}

impl Findings {
    /// Findings with the sum of them.
    #[must_use]
    pub fn new(findings: Vec<doctor::Finding>) -> Self {
        Self { well: findings.iter().all(|finding| finding.well), findings }
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetail {
    /// What can be done about it, in a word: `not found`.
    pub kind: String,
    /// What happened.
    pub message: String,
    /// The cure, if one is known.
    pub hint: Option<String>,
}

impl ErrorDetail {
    /// An error as JSON.
    #[must_use]
    pub fn new(error: &Error) -> Self {
        Self {
            kind: error.kind().name().to_owned(),
            message: error.to_string(),
            hint: error.cure().map(str::to_owned),
        }
    }
}

/// A command that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// Why.
    pub error: ErrorDetail,
}
