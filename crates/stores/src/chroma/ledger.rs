//! What is kept on disk beside a Chroma collection: which of its rows count, the terms of each for keyword search, and which rows
//! are to be removed.
//!
//! A write states its intent here before it sends a row: the numbers of its rows are *strays* until one transaction makes them
//! count, and what they replace strays. So a write that is cut off leaves nothing but strays, and whoever comes next removes
//! them. The rows are Chroma's to keep: a ledger that is missing, damaged or behind is made anew from them.

mod terms;

use super::words::{Entry, Words};
use crate::sqlite::{corrupt, failed, open_writer, paths};
use pllm_core::{CollectionId, DocumentId, Error, ErrorKind, Purpose, Result, Seal, SealContext};
use pllm_text::Language;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use terms::Interned;

/// The layout that this code writes.
const FORMAT: u32 = 1;

/// `last` is the last number that a row was given, ever. Terms are sealed.
const TABLES: &str = "
    CREATE TABLE ledger(format INTEGER NOT NULL, seal_version INTEGER NOT NULL, key_id INTEGER NOT NULL,
        server TEXT, schema TEXT NOT NULL, last INTEGER NOT NULL) STRICT;
    CREATE TABLE document(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, language TEXT, vector INTEGER NOT NULL,
        terms BLOB NOT NULL) STRICT;
    CREATE TABLE stray(seq INTEGER PRIMARY KEY) STRICT;";

/// The ledger of one collection.
#[derive(Debug)]
pub(super) struct Ledger {
    path: PathBuf,
    collection: CollectionId,
    seal: Arc<dyn Seal>,
    connection: Connection,
}

impl Ledger {
    /// Opens the file at `path`, made if it is not there; and the rows that count, where it was made for the collection that has
    /// the id `server` and for this schema. One that is damaged is removed, and made anew with nothing in it.
    pub(super) fn load(
        path: &Path,
        collection: &CollectionId,
        seal: &Arc<dyn Seal>,
        (server, schema): (&str, &str),
    ) -> Result<(Self, Option<Words>)> {
        let load = || -> Result<(Self, Option<Words>)> {
            let ledger = Self::open(path, collection, Arc::clone(seal))?;
            let words = if ledger.is_of(server, schema)? { Some(ledger.words()?) } else { None };
            Ok((ledger, words))
        };
        match load() {
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                tracing::warn!(file = %path.display(), %error, "the ledger is damaged: it is made anew from Chroma");
                paths::remove(path)?;
                load()
            }
            other => other,
        }
    }

    fn open(path: &Path, collection: &CollectionId, seal: Arc<dyn Seal>) -> Result<Self> {
        let is_new = !path.exists();
        paths::make_directory(path)?;
        let connection = open_writer(path).map_err(|error| failed("stores.open", path, error))?;
        if is_new {
            paths::sync_names(path)?;
        }
        let mut ledger = Self { path: path.to_owned(), collection: collection.clone(), seal, connection };
        ledger.prepare()?;
        Ok(ledger)
    }

    /// Makes the tables where they are not there; else checks format and seal.
    fn prepare(&mut self) -> Result<()> {
        let (path, header) = (self.path.clone(), self.seal.header(FORMAT));
        let sql = |error| failed("stores.open", &path, error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        let tables: i64 =
            transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(sql)?;
        if tables == 0 {
            transaction.execute_batch(TABLES).map_err(sql)?;
            let row = (header.format, header.version, header.key_id.cast_signed());
            let insert = "INSERT INTO ledger VALUES (?1, ?2, ?3, NULL, '', 0)";
            transaction.execute(insert, row).map_err(sql)?;
            return transaction.commit().map_err(sql);
        }
        let found = transaction.query_row("SELECT format, seal_version, key_id FROM ledger", [], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?, row.get::<_, i64>(2)?))
        });
        // A file without this row, or without the table, is none of ours.
        let (format, version, key_id) = found.map_err(|error| corrupt(&path, error))?;
        if format > FORMAT {
            let message = format!("the collection's ledger has format {format}, expected at most {FORMAT}");
            return Err(Error::new(ErrorKind::Unsupported, "stores.open", message)
                .with("file", path.display())
                .hint("it was written by a newer version of pllm: use that version"));
        }
        if (version, key_id.cast_unsigned()) == (header.version, header.key_id) {
            return Ok(());
        }
        let message =
            format!("the collection's ledger is sealed with key {}, expected {}", key_id, header.key_id);
        Err(Error::new(ErrorKind::Denied, "stores.open", message).with("file", path.display()))
    }

    fn is_of(&self, server: &str, schema: &str) -> Result<bool> {
        let select = "SELECT count(*) FROM ledger WHERE server = ?1 AND schema = ?2";
        let count: i64 = self
            .connection
            .query_row(select, [server, schema], |row| row.get(0))
            .map_err(|e| self.failed(e))?;
        Ok(count == 1)
    }

    /// The rows that count.
    pub(super) fn words(&self) -> Result<Words> {
        let sql = |error| self.failed(error);
        let (mut words, mut interned) = (Words::default(), Interned::default());
        let select = "SELECT seq, id, language, vector, terms FROM document ORDER BY seq";
        let mut statement = self.connection.prepare(select).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let id: String = row.get(1).map_err(sql)?;
            let sealed: Vec<u8> = row.get(4).map_err(sql)?;
            let bytes = self.seal.open(self.context(&id), &sealed)?;
            let counts = terms::decode(&bytes, &mut interned);
            let counts = counts.ok_or_else(|| corrupt(&self.path, format_args!("the terms of {id:?}")))?;
            let language: Option<String> = row.get(2).map_err(sql)?;
            let entry = Entry {
                id: DocumentId::new(&id)?,
                language: language.as_deref().and_then(Language::parse),
                words: counts,
                has_vector: row.get(3).map_err(sql)?,
            };
            words.push(row.get(0).map_err(sql)?, entry);
        }
        Ok(words)
    }

    /// States the intent to write `count` rows; gives the number of the first.
    pub(super) fn intend(&mut self, count: usize) -> Result<i64> {
        self.change(|transaction| {
            let last: i64 = transaction.query_row("SELECT last FROM ledger", [], |row| row.get(0))?;
            let end = last + i64::try_from(count).unwrap_or(i64::MAX);
            transaction.execute("UPDATE ledger SET last = ?1", [end])?;
            let mut insert = transaction.prepare_cached("INSERT INTO stray VALUES (?1)")?;
            for seq in last + 1..=end {
                insert.execute([seq])?;
            }
            Ok(last + 1)
        })
    }

    /// The write is done: what was added counts, what was removed strays. All at once, and synced when this returns.
    pub(super) fn settle(&mut self, added: &[(i64, &Entry)], removed: &[i64]) -> Result<()> {
        let sealed = added.iter().map(|(_, entry)| self.sealed(entry)).collect::<Result<Vec<_>>>()?;
        self.change(|transaction| {
            let mut delete = transaction.prepare_cached("DELETE FROM document WHERE seq = ?1")?;
            let mut stray = transaction.prepare_cached("INSERT INTO stray VALUES (?1)")?;
            for seq in removed {
                delete.execute([seq])?;
                stray.execute([seq])?;
            }
            let mut counts = transaction.prepare_cached("DELETE FROM stray WHERE seq = ?1")?;
            for ((seq, entry), terms) in added.iter().zip(&sealed) {
                counts.execute([seq])?;
                insert(transaction, *seq, entry, terms)?;
            }
            Ok(())
        })?;
        if removed.is_empty() { Ok(()) } else { self.empty_log() }
    }

    /// The rows that are to be removed.
    pub(super) fn strays(&self) -> Result<Vec<i64>> {
        let sql = |error| self.failed(error);
        let mut statement =
            self.connection.prepare_cached("SELECT seq FROM stray ORDER BY seq").map_err(sql)?;
        let seqs = statement.query_map([], |row| row.get(0)).map_err(sql)?;
        seqs.collect::<rusqlite::Result<_>>().map_err(sql)
    }

    /// These rows are removed.
    pub(super) fn forget(&mut self, strays: &[i64]) -> Result<()> {
        self.change(|transaction| {
            let mut delete = transaction.prepare_cached("DELETE FROM stray WHERE seq = ?1")?;
            strays.iter().try_for_each(|seq| delete.execute([seq]).map(drop))
        })
    }

    /// Forgets everything but the last number, until [`Ledger::finish`] says of which collection it is.
    pub(super) fn begin_anew(&mut self) -> Result<()> {
        self.change(|transaction| {
            transaction
                .execute_batch("UPDATE ledger SET server = NULL; DELETE FROM document; DELETE FROM stray;")
        })?;
        self.empty_log()
    }

    /// Takes rows that Chroma has, in their order. Of two with one id the later counts, and the earlier one strays.
    pub(super) fn take(&mut self, rows: &[(i64, &Entry)]) -> Result<()> {
        let sealed = rows.iter().map(|(_, entry)| self.sealed(entry)).collect::<Result<Vec<_>>>()?;
        self.change(|transaction| {
            for ((seq, entry), terms) in rows.iter().zip(&sealed) {
                let id = entry.id.as_str();
                let select = "SELECT seq FROM document WHERE id = ?1";
                let earlier: Option<i64> =
                    transaction.query_row(select, [id], |row| row.get(0)).optional()?;
                if let Some(earlier) = earlier {
                    transaction.execute("DELETE FROM document WHERE seq = ?1", [earlier])?;
                    transaction.execute("INSERT INTO stray VALUES (?1)", [earlier])?;
                }
                insert(transaction, *seq, entry, terms)?;
                transaction.execute("UPDATE ledger SET last = max(last, ?1)", [seq])?;
            }
            Ok(())
        })
    }

    /// All rows of the collection are taken.
    pub(super) fn finish(&mut self, server: &str, schema: &str) -> Result<()> {
        self.change(|transaction| {
            transaction.execute("UPDATE ledger SET server = ?1, schema = ?2", [server, schema]).map(drop)
        })
    }

    fn change<T>(&mut self, change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let path = &self.path;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let done = transaction.and_then(|transaction| {
            let value = change(&transaction)?;
            transaction.commit().map(|()| value)
        });
        done.map_err(|error| failed("stores.write", path, error))
    }

    /// Cuts the write-ahead log to nothing, so that the terms of what was removed are not in it.
    fn empty_log(&self) -> Result<()> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(|e| self.failed(e))
    }

    fn sealed(&self, entry: &Entry) -> Result<Vec<u8>> {
        let terms = terms::encode(&entry.words);
        Ok(self.seal.seal(self.context(entry.id.as_str()), &terms)?.into_owned())
    }

    fn context<'a>(&'a self, record: &'a str) -> SealContext<'a> {
        SealContext { purpose: Purpose::Content, collection: Some(&self.collection), record }
    }

    fn failed(&self, error: rusqlite::Error) -> Error {
        failed("stores.read", &self.path, error)
    }
}

fn insert(transaction: &Transaction<'_>, seq: i64, entry: &Entry, terms: &[u8]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT INTO document VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let language = entry.language.as_ref().map(|language| language.code());
    insert.execute(params![seq, entry.id.as_str(), language, entry.has_vector, terms]).map(drop)
}
