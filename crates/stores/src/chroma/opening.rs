//! How is a store opened? Its collection is found or made, and its ledger compared with it: one that is missing, damaged, of
//! another collection or behind is made anew from the rows.

use super::ChromaBackend;
use super::OPEN;
use super::engine::{Engine, PAGE, TEXT};
use super::ledger::Ledger;
use super::record::{self, SEQ, name};
use super::wire::{Collection, Configuration, Create, Get, Hnsw, Metadata};
use super::words::Words;
use crate::{check, schema};
use pllm_core::{Error, ErrorKind, Result, Schema, StoreKey};
use pllm_text::{Analyzer, KnownWords};
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

/// Metadata of a collection: the layout of its rows, and the schema of its store.
const FORMAT: &str = "pllm:format";
const SCHEMA: &str = "pllm:schema";
/// The layout of rows that this code writes.
const FORMAT_NUMBER: u64 = 1;

/// Chosen on 20,000 real chunks, where it finds 0.998 of the true ten nearest, in 3 ms (`docs/decisions/0010-chroma.md`).
fn hnsw() -> Hnsw {
    Hnsw { space: "cosine".to_owned(), ef_construction: 200, ef_search: 500, max_neighbors: 16 }
}

pub(super) async fn open(backend: &ChromaBackend, key: &StoreKey, schema: &Schema) -> Result<Arc<Engine>> {
    check::check_schema(schema)?;
    let version = backend.client.version().await?;
    let collection = found_or_made(backend, key, schema).await?;
    schema::same(&schema_of(&collection)?, schema)?;
    let (ledger, words) = load_ledger(backend, key, &collection.id, schema).await?;
    let known = words.is_some();
    let engine = Arc::new(Engine {
        schema: schema.clone(),
        analyzer: Analyzer::new(&schema.languages),
        client: backend.client.clone(),
        id: collection.id,
        version,
        pool: backend.place.pool.clone(),
        words: RwLock::new(words.unwrap_or_default()),
        ledger: Mutex::new(ledger),
        writer: tokio::sync::Mutex::default(),
        removing: tokio::sync::RwLock::default(),
        dropped: AtomicBool::new(false),
    });
    if known {
        engine.remove_strays().await?;
    }
    if !known || !agrees(&engine).await? {
        make_anew(&engine).await?;
    }
    Ok(engine)
}

async fn found_or_made(backend: &ChromaBackend, key: &StoreKey, schema: &Schema) -> Result<Collection> {
    let name = backend.name(key);
    if let Some(collection) = backend.client.find(&name).await? {
        return Ok(collection);
    }
    let mut metadata = Metadata::new();
    metadata.insert(FORMAT.to_owned(), FORMAT_NUMBER.into());
    metadata.insert(SCHEMA.to_owned(), schema::encode(schema)?.to_string().into());
    let configuration = Configuration { hnsw: Some(hnsw()) };
    backend.client.create(&Create { name: &name, get_or_create: true, metadata, configuration }).await
}

/// The schema that a collection was made for.
///
/// # Errors
/// `Conflict` for a collection that is not ours, or that searches in another way; `Unsupported` for a newer one.
pub(super) fn schema_of(collection: &Collection) -> Result<Schema> {
    let fault = |kind, what: String, hint: &str| {
        Err(Error::new(kind, OPEN, format!("the collection {:?} in Chroma {what}", collection.name))
            .hint(hint))
    };
    let metadata = |key| collection.metadata.as_ref().and_then(|metadata| metadata.get(key));
    let schema = metadata(SCHEMA).and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
    let (Some(schema), Some(format)) = (schema, metadata(FORMAT).and_then(Value::as_u64)) else {
        let what = "was not made by pllm".to_owned();
        return fault(ErrorKind::Conflict, what, "choose another prefix for the names of collections");
    };
    if format > FORMAT_NUMBER {
        let what = format!("has format {format}, expected at most {FORMAT_NUMBER}");
        return fault(
            ErrorKind::Unsupported,
            what,
            "it was written by a newer version of pllm: use that version",
        );
    }
    let (ours, found) = (hnsw(), &collection.configuration_json.hnsw);
    if found.as_ref().is_none_or(|found| found.space != ours.space || found.ef_search < ours.ef_search) {
        let what = format!("searches with {found:?}, expected at least {ours:?}");
        return fault(ErrorKind::Conflict, what, "make a new generation of it and index again");
    }
    schema::decode(schema).or_else(|why| {
        fault(ErrorKind::Corrupt, format!("states an unreadable schema: {why}"), "restore it from a backup")
    })
}

async fn load_ledger(
    backend: &ChromaBackend,
    key: &StoreKey,
    server: &str,
    schema: &Schema,
) -> Result<(Ledger, Option<Words>)> {
    let (file, place) = (backend.file(key), backend.place.clone());
    let (server, schema) = (server.to_owned(), schema::encode(schema)?.to_string());
    let (collection, pool) = (key.collection.clone(), place.pool.clone());
    pool.run(move || Ledger::load(&file, &collection, &place.seal, (&server, &schema))).await?
}

/// Whether Chroma holds what the ledger says: as many rows, none after the last one, and the last one that counts.
async fn agrees(engine: &Arc<Engine>) -> Result<bool> {
    let (count, last, newest) = {
        let words = engine.words()?;
        let newest = words.slots.live().max().map(|slot| words.slots.seq(slot));
        (words.count() as u64, words.last(), newest)
    };
    if engine.client.count(&engine.id).await? != count {
        return Ok(false);
    }
    let later = Get { filter: Some(json!({SEQ: {"$gt": last}})), limit: Some(1), ..Get::default() };
    let newest = Get { ids: newest.map(|seq| vec![name(seq)]), limit: Some(1), ..Get::default() };
    let later = engine.client.get(&engine.id, &later).await?;
    let there = engine.client.get(&engine.id, &newest).await?;
    Ok(later.ids.is_empty() && there.ids.len() as u64 == count.min(1))
}

/// Makes the ledger anew from the rows of Chroma. Where one id has two rows, for a write was cut off when the ledger was lost,
/// the later one counts.
async fn make_anew(engine: &Arc<Engine>) -> Result<()> {
    let (server, schema) = (engine.id.clone(), schema::encode(&engine.schema)?.to_string());
    let seqs = all_rows(engine).await?;
    if !seqs.is_empty() {
        let address = engine.client.address();
        tracing::info!(address, rows = seqs.len(), "the ledger is made anew from Chroma");
    }
    engine.on_ledger(Ledger::begin_anew).await?;
    let mut known = KnownWords::default();
    for part in seqs.chunks(PAGE) {
        known = take_rows(engine, part, known).await?;
    }
    let work = move |ledger: &mut Ledger| {
        ledger.finish(&server, &schema)?;
        ledger.words()
    };
    let words = engine.on_ledger(work).await?;
    *engine.words.write().unwrap_or_else(std::sync::PoisonError::into_inner) = words;
    engine.remove_strays().await
}

async fn take_rows(engine: &Arc<Engine>, seqs: &[i64], mut known: KnownWords) -> Result<KnownWords> {
    let mut rows = engine.rows(seqs, TEXT).await?;
    rows.sort_by_key(|row| row.seq);
    let analysing = Arc::clone(engine);
    let work = move || {
        let entries = analysing.entries_of(&rows, &mut known);
        let entries: Vec<_> = entries.iter().map(|(seq, entry)| (*seq, entry)).collect();
        analysing.lock_ledger().take(&entries)?;
        Ok(known)
    };
    engine.pool.run(work).await?
}

/// The numbers of all rows, ascending.
async fn all_rows(engine: &Engine) -> Result<Vec<i64>> {
    let got = engine.client.get(&engine.id, &Get::default()).await?;
    let mut seqs = got.ids.iter().map(|name| record::seq(name)).collect::<Result<Vec<i64>>>()?;
    seqs.sort_unstable();
    Ok(seqs)
}

/// In what the rows that count differ from those of Chroma; empty when all is well. Nobody may write meanwhile.
pub(super) async fn verify(engine: &Arc<Engine>) -> Result<Vec<String>> {
    engine.remove_strays().await?;
    let (mut fresh, mut known) = (Words::default(), KnownWords::default());
    let mut faults = Vec::new();
    for part in all_rows(engine).await?.chunks(PAGE) {
        let mut rows = engine.rows(part, TEXT).await?;
        rows.sort_by_key(|row| row.seq);
        for (seq, entry) in engine.entries_of(&rows, &mut known) {
            if fresh.slots.find(entry.id.as_str()).is_some() {
                faults.push(format!("Chroma has two rows of document {:?}", entry.id.as_str()));
                continue;
            }
            fresh.push(seq, entry);
        }
    }
    let on_disk = engine.on_ledger(|ledger| ledger.words()).await?;
    let in_ram = engine.words()?.clone();
    for (what, words) in [("the ledger", on_disk), ("the index", in_ram)] {
        let differences = words.differences(fresh.clone());
        faults.extend(differences.iter().map(|part| format!("{what} does not agree with Chroma: {part}")));
    }
    Ok(faults)
}
