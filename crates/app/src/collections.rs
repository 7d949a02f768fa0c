//! Named libraries: make, list, show, delete; and an open one with everything that is bound to it.

use crate::app::App;
use crate::clock;
use crate::metadata::{CollectionRecord, CollectionSettings, SourceScope};
use crate::models::EMBEDDER;
use crate::pipelines::Pipelines;
use crate::texts::StoredTexts;
use pllm_core::id::hex;
use pllm_core::{
    Bm25Variant, CollectionId, DocumentStore, Error, ErrorKind, KeywordParameters, Result, Schema,
    Similarity, StoreKey,
};
use pllm_pipeline::PromptTemplate;
use pllm_text::Language;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// The collection that is used when none is named.
pub const DEFAULT_COLLECTION: &str = "default";
/// The one kind of store there is so far.
const MEMORY: &str = "memory";
/// What a collection counts as when neither its settings nor its documents tell its language.
const FALLBACK_LANGUAGE: Language = Language::ENGLISH;

/// A collection to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCollection {
    /// What people call it: 1 to 100 characters, none of them a control character.
    pub name: String,
    /// Its languages, main language first; empty = told by its documents.
    pub languages: Vec<Language>,
    /// The kind of its store; none = the usual one.
    pub store: Option<String>,
    /// Its embedder; none = the usual one.
    pub embedder: Option<String>,
    /// Whether its text is sent to no model on another machine.
    pub local_only: bool,
}

impl NewCollection {
    /// A collection with the usual settings.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), languages: Vec::new(), store: None, embedder: None, local_only: false }
    }
}

/// What of a collection is to be another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollectionChange {
    /// Whether its text is sent to no model on another machine.
    pub local_only: Option<bool>,
    /// What a language model is told; empty = the shipped template.
    pub prompt_template: Option<String>,
}

/// An open collection.
#[derive(Debug)]
pub struct Collection {
    /// What is known about it.
    pub record: CollectionRecord,
    /// Its Documents.
    pub store: Arc<dyn DocumentStore>,
    /// Its texts.
    pub texts: StoredTexts,
    /// The language that texts and questions count as when theirs cannot be told.
    pub main_language: Language,
    /// How texts are split, as far as the result depends on it.
    pub(crate) splitting: String,
    /// Made when first needed, for they need the model.
    pub(crate) pipelines: OnceCell<Pipelines>,
}

/// The collections that are open: their indexes stay in RAM as long as the process runs, so that a question finds them there.
#[derive(Debug, Default)]
pub(crate) struct OpenCollections(Mutex<HashMap<CollectionId, Arc<Collection>>>);

impl OpenCollections {
    pub(crate) fn get(&self, id: &CollectionId) -> Option<Arc<Collection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn put(&self, collection: &Arc<Collection>) {
        let (id, collection) = (collection.record.id.clone(), Arc::clone(collection));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, collection);
    }

    fn remove(&self, id: &CollectionId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// What a collection holds.
#[derive(Debug, Clone)]
pub struct CollectionSummary {
    /// What is known about it.
    pub record: CollectionRecord,
    /// Its languages with the number of sources in each, where told.
    pub languages: BTreeMap<String, u64>,
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
    /// The folder.
    pub folder: std::path::PathBuf,
}

impl App {
    /// Makes a collection.
    ///
    /// # Errors
    /// `Conflict` when the name is taken, `InvalidInput` when it cannot be one, `Unsupported` for a store or embedder there is not.
    pub async fn create_collection(&self, new: &NewCollection) -> Result<CollectionRecord> {
        check_name(&new.name)?;
        check_one("store", new.store.as_deref(), MEMORY)?;
        check_one("embedder", new.embedder.as_deref(), EMBEDDER.name)?;
        let created_at = clock::now();
        let seed = format!("{} {created_at} {}", new.name, std::process::id());
        let record = CollectionRecord {
            id: CollectionId::new(&format!("c{}", hex(&Sha256::digest(seed)[..8])))?,
            name: new.name.clone(),
            settings: CollectionSettings {
                store: MEMORY.to_owned(),
                embedder: EMBEDDER.name.to_owned(),
                dimension: EMBEDDER.dimension,
                languages: new.languages.iter().map(ToString::to_string).collect(),
                local_only: new.local_only,
                prompt_template: None,
            },
            generation: 1,
            deleting: false,
            created_at,
        };
        self.meta.create_collection(record.clone()).await?;
        Ok(record)
    }

    /// Changes settings of a collection, all of them or none; the next question is answered by the new ones.
    ///
    /// # Errors
    /// `NotFound`; `InvalidInput` for a prompt template that cannot be used, with its line.
    pub async fn change_collection(
        &self,
        name: &str,
        change: &CollectionChange,
    ) -> Result<CollectionSummary> {
        if let Some(template) = change.prompt_template.as_deref().filter(|text| !text.is_empty()) {
            PromptTemplate::parse(template)?;
        }
        let mut settings = self.collection_record(name).await?.settings;
        settings.local_only = change.local_only.unwrap_or(settings.local_only);
        if let Some(template) = &change.prompt_template {
            settings.prompt_template = (!template.is_empty()).then(|| template.clone());
        }
        let collection = self.collection(name).await?;
        self.meta.set_settings(&collection.record.id, settings).await?;
        self.reopen(&collection).await?;
        self.collection_summary(name).await
    }

    /// The collections there are, by name.
    ///
    /// # Errors
    /// `Corrupt` when the metadata database is damaged.
    pub async fn collections(&self) -> Result<Vec<CollectionRecord>> {
        Ok(self.meta.collections().await?.into_iter().filter(|record| !record.deleting).collect())
    }

    /// Opens a collection by name; it stays open.
    ///
    /// # Errors
    /// `NotFound` with the names there are.
    pub async fn collection(&self, name: &str) -> Result<Arc<Collection>> {
        self.open_record(self.collection_record(name).await?).await
    }

    /// What is known about a collection, without opening it.
    ///
    /// # Errors
    /// `NotFound` with the names there are.
    pub(crate) async fn collection_record(&self, name: &str) -> Result<CollectionRecord> {
        let records = self.collections().await?;
        let record = records.iter().find(|record| record.name == name);
        record.cloned().ok_or_else(|| unknown(name, &records))
    }

    /// Opens a collection; it stays open.
    pub(crate) async fn open_record(&self, record: CollectionRecord) -> Result<Arc<Collection>> {
        if let Some(open) = self.open.get(&record.id) {
            return Ok(open);
        }
        let _inside = self.cleaner.gates.ingest(&record.id).await?;
        let collection = Arc::new(self.open_collection(record).await?);
        self.open.put(&collection);
        Ok(collection)
    }

    /// Binds an open collection anew after its sources have changed: its main language may be another one. Its store stays
    /// open meanwhile, so no index is built again.
    pub(crate) async fn reopen(&self, collection: &Collection) -> Result<()> {
        // Of a collection that was deleted meanwhile, nothing may be made again.
        let Ok(_inside) = self.cleaner.gates.ingest(&collection.record.id).await else { return Ok(()) };
        // Its settings may be others, too.
        let record = self.collection_record(&collection.record.name).await?;
        self.open.put(&Arc::new(self.open_collection(record).await?));
        Ok(())
    }

    /// Opens a collection by name, made if it is not there.
    ///
    /// # Errors
    /// As [`App::create_collection`].
    pub async fn collection_or_new(&self, name: &str) -> Result<Arc<Collection>> {
        if !self.collections().await?.iter().any(|record| record.name == name) {
            self.create_collection(&NewCollection::named(name)).await?;
        }
        self.collection(name).await
    }

    pub(crate) async fn open_collection(&self, record: CollectionRecord) -> Result<Collection> {
        let key = StoreKey { collection: record.id.clone(), generation: record.generation };
        let store = self.stores.open(&key, &schema(&record)).await?;
        let texts = StoredTexts::new(record.id.clone(), Arc::clone(&self.blobs), self.pool.clone());
        let main_language = self.main_language(&record).await?;
        let splitting = format!("{} {}", record.settings.embedder, self.config.chunk_tokens);
        // Making an index, and an ingest, need much memory for a while.
        self.pool.run(pllm_kernels::give_back_freed).await?;
        Ok(Collection { record, store, texts, main_language, splitting, pipelines: OnceCell::new() })
    }

    /// The first language of the settings, else the one that most sources are in.
    async fn main_language(&self, record: &CollectionRecord) -> Result<Language> {
        if let Some(language) = record.settings.languages.first().and_then(|code| Language::parse(code)) {
            return Ok(language);
        }
        let counts = self.language_counts(record).await?;
        let most = counts.iter().max_by_key(|(code, count)| (**count, std::cmp::Reverse((*code).clone())));
        Ok(most.and_then(|(code, _)| Language::parse(code)).unwrap_or(FALLBACK_LANGUAGE))
    }

    async fn language_counts(&self, record: &CollectionRecord) -> Result<BTreeMap<String, u64>> {
        Ok(self.meta.languages(&record.id).await?.into_iter().collect())
    }

    /// What a collection holds.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn collection_summary(&self, name: &str) -> Result<CollectionSummary> {
        let collection = self.collection(name).await?;
        let top = self.meta.sources(&collection.record.id, SourceScope::Top).await?;
        let rows = self.meta.row_totals(&collection.record.id).await?;
        let folder = self.collections_dir().join(collection.record.id.as_str());
        Ok(CollectionSummary {
            languages: self.language_counts(&collection.record).await?,
            sources: top.len() as u64,
            rows: rows.values().map(|rows| rows.rows).sum(),
            documents: collection.store.count(None).await?,
            bytes: top.iter().map(|source| source.bytes).sum(),
            disk_bytes: size_of(&folder)?,
            folder,
            record: collection.record.clone(),
        })
    }

    /// Deletes a collection with everything in it; its jobs are stopped first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_collection(&self, name: &str) -> Result<()> {
        let (record, _room) = (self.collection_record(name).await?, self.cleaner.reserve.lend());
        self.meta.begin_collection_delete(&record.id).await?;
        self.jobs.cancel_all_of(&record.id);
        self.open.remove(&record.id);
        self.cleaner.remove_collection(&record.id).await
    }
}

/// The index of a collection: cosine over the embedder's vectors, and the BM25 that `docs/benchmarks.md` measures best.
fn schema(record: &CollectionRecord) -> Schema {
    let settings = &record.settings;
    let declared: Vec<Language> =
        settings.languages.iter().filter_map(|code| Language::parse(code)).collect();
    Schema {
        dimension: settings.dimension,
        similarity: Similarity::Cosine,
        languages: if declared.is_empty() { vec![FALLBACK_LANGUAGE] } else { declared },
        keyword: KeywordParameters {
            analysis_version: pllm_text::analysis::ANALYSIS_VERSION,
            variant: Bm25Variant::Okapi,
            k1: 0.9,
            b: 0.4,
            delta: 0.0,
        },
    }
}

fn check_name(name: &str) -> Result<()> {
    let fits = !name.trim().is_empty() && name.trim() == name && name.chars().count() <= 100;
    if fits && !name.chars().any(char::is_control) {
        return Ok(());
    }
    let message = format!(
        "collection name {name:?} is not usable, expected 1 to 100 characters without blanks at the ends"
    );
    Err(Error::invalid("app.collections", message))
}

fn check_one(what: &str, chosen: Option<&str>, only: &str) -> Result<()> {
    match chosen {
        Some(other) if other != only => {
            let message = format!("{what} {other:?} is not there, expected {only:?}");
            Err(Error::new(ErrorKind::Unsupported, "app.collections", message))
        }
        _ => Ok(()),
    }
}

fn unknown(name: &str, records: &[CollectionRecord]) -> Error {
    let names: Vec<&str> = records.iter().map(|record| record.name.as_str()).collect();
    let hint = match names.as_slice() {
        [] => "there are no collections yet; `pllm ingest PATH…` makes one".to_owned(),
        names => format!("there are: {}", names.join(", ")),
    };
    Error::new(ErrorKind::NotFound, "app.collections", format!("collection {name:?} is not there")).hint(hint)
}

/// Bytes of the files below a folder.
fn size_of(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for path in pllm_runtime::files::read_dir(folder)? {
        bytes += if path.is_dir() { size_of(&path)? } else { path.metadata().map_or(0, |meta| meta.len()) };
    }
    Ok(bytes)
}
