//! The truth on disk: one SQLite file a store, whose rows are Documents. Everything in RAM is made from it.
//!
//! A write is one transaction of the one writer and is synced when it is committed (`synchronous=FULL`). Readers have
//! connections of their own and never wait for it. A row is never changed: an overwrite is a new row at the end.

use super::format;
use super::record::{self, Row, SealedRow};
use crate::sqlite::{failed, open_writer, paths};
use pllm_core::{CollectionId, Document, Error, ErrorKind, Result, Schema, Seal};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const COLUMNS: &str = "seq, id, language, source, revision, start, \"end\", content, meta";

/// The rows of one store.
#[derive(Debug)]
pub(super) struct Rows {
    path: PathBuf,
    collection: CollectionId,
    seal: Arc<dyn Seal>,
    writer: Mutex<Connection>,
    /// Readers at rest.
    readers: Mutex<Vec<Connection>>,
    dropped: AtomicBool,
    /// Whether the log may still hold deleted text, because somebody was reading when it was to be emptied.
    log_holds_deleted: AtomicBool,
}

impl Rows {
    /// Opens the file, made if it is not there.
    pub(super) fn open(
        path: &Path,
        collection: &CollectionId,
        schema: &Schema,
        seal: Arc<dyn Seal>,
    ) -> Result<Self> {
        let is_new = !path.exists();
        paths::make_directory(path)?;
        let mut writer = open_writer(path).map_err(|error| failed("stores.open", path, error))?;
        format::prepare(&mut writer, path, schema, seal.header(format::FORMAT))?;
        if is_new {
            paths::sync_names(path)?;
        }
        let rows = Self {
            path: path.to_owned(),
            collection: collection.clone(),
            seal,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            dropped: AtomicBool::new(false),
            log_holds_deleted: AtomicBool::new(false),
        };
        // A crash may have come between a delete and the emptying of the log that still holds what was deleted.
        rows.writer()?.empty_log()?;
        Ok(rows)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The one writer; waits for the one before.
    pub(super) fn writer(&self) -> Result<Writer<'_>> {
        let connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_dropped()?;
        Ok(Writer { rows: self, connection })
    }

    /// The Documents of these rows, in this order, without vectors; `None` when one of them is gone.
    pub(super) fn documents(&self, seqs: &[i64]) -> Result<Option<Vec<Document>>> {
        let rows = self.read(seqs, false)?;
        Ok(rows.map(|rows| rows.into_iter().map(|row| row.document).collect()))
    }

    /// These rows, in this order; `None` when one of them is gone.
    pub(super) fn read(&self, seqs: &[i64], with_vectors: bool) -> Result<Option<Vec<Row>>> {
        self.check_dropped()?;
        let reader = self.reader()?;
        let vector = if with_vectors { "vector" } else { "NULL" };
        let query = format!("SELECT {COLUMNS}, {vector} FROM document WHERE seq = ?1");
        let rows = self.read_with(&reader, &query, seqs);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        rows
    }

    fn read_with(&self, reader: &Connection, query: &str, seqs: &[i64]) -> Result<Option<Vec<Row>>> {
        let sql = |error| failed("stores.read", &self.path, error);
        let mut statement = reader.prepare_cached(query).map_err(sql)?;
        let mut rows = Vec::with_capacity(seqs.len());
        for seq in seqs {
            let mut found = statement.query([seq]).map_err(sql)?;
            let Some(row) = found.next().map_err(sql)? else { return Ok(None) };
            rows.push(self.open_row(&SealedRow::read(row).map_err(sql)?)?);
        }
        Ok(Some(rows))
    }

    /// Opens what is sealed.
    pub(super) fn open_row(&self, row: &SealedRow) -> Result<Row> {
        record::open(row, &*self.seal, &self.collection, &self.path)
    }

    fn reader(&self) -> Result<Connection> {
        if let Some(reader) = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(reader);
        }
        open_reader(&self.path).map_err(|error| failed("stores.read", &self.path, error))
    }

    /// `NotFound` once the store was removed.
    pub(super) fn check_dropped(&self) -> Result<()> {
        if self.dropped.load(Ordering::Acquire) {
            let message = format!("the store was removed: {}", self.path.display());
            return Err(Error::new(ErrorKind::NotFound, "stores.open", message));
        }
        Ok(())
    }
}

/// A connection that only reads, also beside other processes.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.busy_timeout(crate::sqlite::BUSY_TIMEOUT)?;
    Ok(reader)
}

/// The one writer of a store, while it is held.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    rows: &'a Rows,
    connection: MutexGuard<'a, Connection>,
}

impl Writer<'_> {
    /// Removes rows and adds Documents in one transaction, synced when this returns; the new rows' numbers, ascending.
    pub(super) fn replace(
        &mut self,
        removed: &[i64],
        added: &[(&Document, Option<&[u16]>)],
    ) -> Result<Vec<i64>> {
        let rows = self.rows;
        let sql = |error| failed("stores.write", &rows.path, error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        {
            let mut delete =
                transaction.prepare_cached("DELETE FROM document WHERE seq = ?1").map_err(sql)?;
            for seq in removed {
                delete.execute([seq]).map_err(sql)?;
            }
        }
        let seqs = added.iter().map(|(document, vector)| insert(&transaction, rows, document, *vector));
        let seqs = seqs.collect::<Result<_>>()?;
        transaction.commit().map_err(sql)?;
        if !removed.is_empty() || rows.log_holds_deleted.load(Ordering::Acquire) {
            self.empty_log()?;
        }
        Ok(seqs)
    }

    /// Copies the write-ahead log into the file and cuts it to nothing, so that deleted text is not in it.
    fn empty_log(&mut self) -> Result<()> {
        let busy: rusqlite::Result<i64> =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        let busy = busy.map_err(|error| failed("stores.write", &self.rows.path, error))?;
        self.rows.log_holds_deleted.store(busy != 0, Ordering::Release);
        if busy != 0 {
            let file = self.rows.path.display();
            tracing::warn!(%file, "the log could not be emptied, somebody reads for long: the next write tries again");
        }
        Ok(())
    }

    /// All rows in write order, in batches.
    pub(super) fn scan(
        &self,
        batch: usize,
        mut each: impl FnMut(Vec<SealedRow>) -> Result<()>,
    ) -> Result<()> {
        let sql = |error| failed("stores.read", &self.rows.path, error);
        let query = format!("SELECT {COLUMNS}, vector FROM document ORDER BY seq");
        let mut statement = self.connection.prepare(&query).map_err(sql)?;
        let mut found = statement.query([]).map_err(sql)?;
        let mut rows = Vec::with_capacity(batch);
        while let Some(row) = found.next().map_err(sql)? {
            rows.push(SealedRow::read(row).map_err(sql)?);
            if rows.len() == batch {
                each(std::mem::take(&mut rows))?;
            }
        }
        each(rows)
    }

    /// What SQLite finds wrong with the file.
    pub(super) fn integrity_faults(&self) -> Result<Vec<String>> {
        let sql = |error| failed("stores.verify", &self.rows.path, error);
        let mut statement = self.connection.prepare("PRAGMA integrity_check").map_err(sql)?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0)).map_err(sql)?;
        let lines = lines.collect::<rusqlite::Result<Vec<_>>>().map_err(sql)?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    /// Makes every later call fail, so that the files can be removed.
    pub(super) fn forbid(self) {
        self.rows.dropped.store(true, Ordering::Release);
        self.rows.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

fn insert(
    transaction: &Transaction<'_>,
    rows: &Rows,
    document: &Document,
    vector: Option<&[u16]>,
) -> Result<i64> {
    let sealed = record::seal(document, vector, &*rows.seal, &rows.collection)?;
    let (language, span) = (document.language.as_ref(), document.span.as_ref());
    let insert = "INSERT INTO document(id, language, source, revision, start, \"end\", content, meta, vector)
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let done = transaction.prepare_cached(insert).and_then(|mut statement| {
        statement.insert(params![
            document.id.as_str(),
            language.map(|language| language.code()),
            span.map(|span| span.source.as_str()),
            span.map(|span| span.revision),
            span.map(|span| span.range.start() as i64),
            span.map(|span| span.range.end() as i64),
            &*sealed.content,
            &*sealed.meta,
            sealed.vector.as_deref(),
        ])
    });
    done.map_err(|error| failed("stores.write", &rows.path, error))
}
