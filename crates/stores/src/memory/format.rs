//! What was a store's file made for? One row that states the layout, the seal and the schema, checked at every open.

use crate::schema;
use crate::sqlite::{corrupt, failed};
use pllm_core::{Error, ErrorKind, Result, Schema, seal::SealHeader};
use rusqlite::Connection;
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
        return schema::same_record(&found, &schema::encode(schema)?);
    }
    transaction.execute_batch(TABLES).map_err(sql)?;
    let text = schema::encode(schema)?.to_string();
    let row = (seal.format, seal.version, seal.key_id.cast_signed(), text);
    transaction.execute("INSERT INTO format VALUES (?1, ?2, ?3, ?4)", row).map_err(sql)?;
    transaction.commit().map_err(sql)
}

/// The schema that the file at `path` was made for.
pub(super) fn stored_schema(connection: &Connection, path: &Path, seal: SealHeader) -> Result<Schema> {
    schema::decode(read(connection, path, seal)?).map_err(|why| corrupt(path, why))
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
