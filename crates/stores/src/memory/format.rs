//! What was a store's file made for? One row that states the layout, the seal and the schema, checked at every open.

use super::error::{corrupt, failed};
use pllm_core::{
    Bm25Variant, Error, ErrorKind, KeywordParameters, Result, Schema, Similarity, seal::SealHeader,
};
use pllm_text::Language;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// The layout that this code writes.
pub(super) const FORMAT: u32 = 1;

/// `seq` is the place in the write order; it is never used again. Content, meta and vector are sealed.
const TABLES: &str = "
    CREATE TABLE format(format INTEGER NOT NULL, seal_version INTEGER NOT NULL, key_id INTEGER NOT NULL, schema TEXT NOT NULL) STRICT;
    CREATE TABLE document(
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        language TEXT, source TEXT, revision INTEGER, start INTEGER, \"end\" INTEGER,
        content BLOB NOT NULL, meta BLOB NOT NULL, vector BLOB) STRICT;";

/// The schema as the file states it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaRecord {
    dimension: usize,
    similarity: String,
    languages: Vec<String>,
    keyword: KeywordRecord,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeywordRecord {
    analysis_version: u32,
    variant: String,
    k1: f64,
    b: f64,
    delta: f64,
}

/// Makes the tables where the file is new, else checks that it was made for `schema` and sealed with `seal`.
pub(super) fn prepare(
    connection: &mut Connection,
    path: &Path,
    schema: &Schema,
    seal: SealHeader,
) -> Result<()> {
    let sql = |error| failed("stores.open", path, error);
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(sql)?;
    if tables > 0 {
        let found = read(&transaction, path, seal)?;
        return same_record(&found, &encode(schema)?);
    }
    transaction.execute_batch(TABLES).map_err(sql)?;
    let text = encode(schema)?.to_string();
    let row = (seal.format, seal.version, seal.key_id.cast_signed(), text);
    transaction.execute("INSERT INTO format VALUES (?1, ?2, ?3, ?4)", row).map_err(sql)?;
    transaction.commit().map_err(sql)
}

/// The schema that the file at `path` was made for.
pub(super) fn stored_schema(connection: &Connection, path: &Path, seal: SealHeader) -> Result<Schema> {
    let record = serde_json::from_value(read(connection, path, seal)?);
    let record: SchemaRecord = record.map_err(|error| corrupt(path, error))?;
    decode(&record).ok_or_else(|| corrupt(path, "its schema has an unknown value"))
}

fn read(connection: &Connection, path: &Path, seal: SealHeader) -> Result<Value> {
    let row = connection.query_row("SELECT format, seal_version, key_id, schema FROM format", [], |row| {
        Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?))
    });
    let (format, version, key_id, schema) = match row {
        Err(rusqlite::Error::QueryReturnedNoRows) => return Err(corrupt(path, "it states no format")),
        Err(rusqlite::Error::SqliteFailure(_, Some(message))) if message.contains("no such table") => {
            return Err(corrupt(path, "it is the file of another program"));
        }
        other => other.map_err(|error| failed("stores.open", path, error))?,
    };
    if format > FORMAT {
        let message = format!("the collection's file has format {format}, expected at most {FORMAT}");
        return Err(Error::new(ErrorKind::Unsupported, "stores.open", message)
            .with("file", path.display())
            .hint("it was written by a newer version of pllm: use that version"));
    }
    if (version, key_id.cast_unsigned()) != (seal.version, seal.key_id) {
        let message = format!(
            "the collection's file is sealed with version {version} and key {}, this process has version {} and key {}",
            key_id.cast_unsigned(),
            seal.version,
            seal.key_id
        );
        return Err(Error::new(ErrorKind::Denied, "stores.open", message).with("file", path.display()));
    }
    serde_json::from_str(&schema).map_err(|error| corrupt(path, error))
}

/// `Conflict` naming the field where a store made with one schema is opened with another.
pub(super) fn same_schema(made: &Schema, asked: &Schema) -> Result<()> {
    same_record(&encode(made)?, &encode(asked)?)
}

fn same_record(stored: &Value, asked: &Value) -> Result<()> {
    let Some((field, stored, asked)) = difference(stored, asked, "") else { return Ok(()) };
    let message = format!("the store was made with {field} {stored}, it is opened with {asked}");
    Err(Error::new(ErrorKind::Conflict, "stores.open", message)
        .hint("open it as it was made, or make a new generation and index again"))
}

/// The first field that is not the same.
fn difference(stored: &Value, asked: &Value, name: &str) -> Option<(String, Value, Value)> {
    if let (Value::Object(stored), Value::Object(asked)) = (stored, asked) {
        let prefix = if name.is_empty() { String::new() } else { format!("{name}.") };
        return asked.iter().find_map(|(key, asked)| {
            difference(stored.get(key).unwrap_or(&Value::Null), asked, &format!("{prefix}{key}"))
        });
    }
    (stored != asked).then(|| (name.to_owned(), stored.clone(), asked.clone()))
}

fn encode(schema: &Schema) -> Result<Value> {
    let keyword = &schema.keyword;
    let similarity = match schema.similarity {
        Similarity::Cosine => "cosine",
        other => {
            let message = format!("similarity {other:?} is not known here, expected cosine");
            return Err(Error::new(ErrorKind::Unsupported, "stores.open", message));
        }
    };
    let variant = match keyword.variant {
        Bm25Variant::Okapi => "okapi",
        Bm25Variant::L => "l",
        Bm25Variant::Plus => "plus",
    };
    let record = SchemaRecord {
        dimension: schema.dimension,
        similarity: similarity.to_owned(),
        languages: schema.languages.iter().map(Language::to_string).collect(),
        keyword: KeywordRecord {
            analysis_version: keyword.analysis_version,
            variant: variant.to_owned(),
            k1: keyword.k1,
            b: keyword.b,
            delta: keyword.delta,
        },
    };
    serde_json::to_value(record)
        .map_err(|error| Error::invalid("stores.open", "the schema cannot be written").caused_by(error))
}

fn decode(record: &SchemaRecord) -> Option<Schema> {
    let variant = match record.keyword.variant.as_str() {
        "okapi" => Bm25Variant::Okapi,
        "l" => Bm25Variant::L,
        "plus" => Bm25Variant::Plus,
        _ => return None,
    };
    let KeywordRecord { analysis_version, k1, b, delta, .. } = record.keyword;
    Some(Schema {
        dimension: record.dimension,
        similarity: (record.similarity == "cosine").then_some(Similarity::Cosine)?,
        languages: record.languages.iter().map(|code| Language::parse(code)).collect::<Option<_>>()?,
        keyword: KeywordParameters { analysis_version, variant, k1, b, delta },
    })
}
