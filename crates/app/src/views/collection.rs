//! Collections as JSON.

use crate::clock;
use crate::collections;
use crate::metadata::CollectionRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A collection and what it was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Collection {
    /// What people call it.
    pub name: String,
    /// Names its directory.
    pub id: String,
    /// The kind of its document store.
    pub store: String,
    /// The name of its embedder.
    pub embedder: String,
    /// Its languages by code, main language first; empty = told by its documents.
    pub languages: Vec<String>,
    /// Whether its text is sent to no model on another machine.
    pub local_only: bool,
    /// Its index's generation, from 1.
    pub generation: u32,
    /// When it was made.
    pub created: String,
}

impl Collection {
    /// A collection as JSON.
    #[must_use]
    pub fn new(record: &CollectionRecord) -> Self {
        Self {
            name: record.name.clone(),
            id: record.id.to_string(),
            store: record.settings.store.clone(),
            embedder: record.settings.embedder.clone(),
            languages: record.settings.languages.clone(),
            local_only: record.settings.local_only,
            generation: record.generation,
            created: clock::iso(record.created_at),
        }
    }
}

/// A collection and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CollectionSummary {
    /// The collection.
    #[serde(flatten)]
    pub collection: Collection,
    /// Files and datasets.
    pub sources: u64,
    /// Rows of datasets.
    pub rows: u64,
    /// Documents.
    pub documents: u64,
    /// Bytes of the originals.
    pub bytes: u64,
    /// Bytes on disk.
    pub disk_bytes: u64,
    /// Its folder.
    pub folder: String,
    /// What a language model is told, where it is not the shipped template.
    pub prompt_template: Option<String>,
    /// The languages that were told, with the number of sources in each.
    pub source_languages: BTreeMap<String, u64>,
}

impl CollectionSummary {
    /// A summary as JSON.
    #[must_use]
    pub fn new(summary: &collections::CollectionSummary) -> Self {
        Self {
            collection: Collection::new(&summary.record),
            sources: summary.sources,
            rows: summary.rows,
            documents: summary.documents,
            bytes: summary.bytes,
            disk_bytes: summary.disk_bytes,
            folder: summary.folder.display().to_string(),
            prompt_template: summary.record.settings.prompt_template.clone(),
            source_languages: summary.languages.clone(),
        }
    }
}

/// The collection that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeletedCollection {
    /// Its name.
    pub deleted: String,
}
