//! The statements behind the metadata contract; each function is part of one transaction.

use super::sqlite::database_error;
use super::{
    CollectionRecord, CollectionSettings, FinishedRevision, LOCAL_OWNER, Leftover, LeftoverKind, NewRevision,
    RowTotals, SourceKind, SourceRecord, SourceScope,
};
use crate::clock;
use pllm_core::{CollectionId, Error, ErrorKind, Purpose, Result, Seal, SealContext, SourceId};
use rusqlite::{OptionalExtension, Params, Row, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// A transaction, and the seal its sealed columns go through.
pub(super) struct Sealed<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) seal: &'a dyn Seal,
}

impl Sealed<'_> {
    pub(super) fn execute(&self, sql: &str, parameters: impl Params) -> Result<u64> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(database_error)?;
        statement.execute(parameters).map(|n| n as u64).map_err(database_error)
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(database_error)?;
        statement.query_row(parameters, map).optional().map_err(database_error)
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(database_error)?;
        let rows = statement.query_map(parameters, map).map_err(database_error)?;
        rows.collect::<rusqlite::Result<_>>().map_err(database_error)
    }

    pub(super) fn put<T: Serialize>(&self, record: &str, value: &T) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(value).map_err(|error| {
            Error::new(ErrorKind::Internal, "app.metadata", "a record does not serialise").caused_by(error)
        })?;
        self.seal.seal(context(record), &json).map(std::borrow::Cow::into_owned)
    }

    pub(super) fn take<T: DeserializeOwned>(&self, record: &str, sealed: &[u8]) -> Result<T> {
        let json = self.seal.open(context(record), sealed)?;
        serde_json::from_slice(&json).map_err(|error| {
            Error::new(ErrorKind::Corrupt, "app.metadata", "a record of the metadata database does not read")
                .with("record", record)
                .caused_by(error)
        })
    }
}

fn context(record: &str) -> SealContext<'_> {
    SealContext { purpose: Purpose::Metadata, collection: None, record }
}

pub(super) fn insert_collection(sealed: &Sealed<'_>, record: &CollectionRecord) -> Result<()> {
    if collections(sealed)?.iter().any(|other| other.name == record.name) {
        let message = format!("collection {:?} exists already", record.name);
        return Err(Error::new(ErrorKind::Conflict, "app.collections", message));
    }
    let settings = as_text(&record.settings)?;
    let name = sealed.put(record.id.as_str(), &record.name)?;
    let values = (record.id.as_str(), LOCAL_OWNER, name, settings, record.generation, record.created_at);
    sealed
        .execute(
            "INSERT INTO collection (id, owner, sealed_name, settings, generation, created_at) VALUES (?1,?2,?3,?4,?5,?6)",
            values,
        )
        .map(|_| ())
}

fn as_text(settings: &CollectionSettings) -> Result<String> {
    serde_json::to_string(settings).map_err(|error| {
        Error::new(ErrorKind::Internal, "app.metadata", "settings do not serialise").caused_by(error)
    })
}

pub(super) fn set_settings(
    sealed: &Sealed<'_>,
    id: &CollectionId,
    settings: &CollectionSettings,
) -> Result<()> {
    let values = (id.as_str(), as_text(settings)?);
    match sealed.execute("UPDATE collection SET settings = ?2 WHERE id = ?1 AND deleting = 0", values)? {
        0 => Err(not_there(id)),
        _ => Ok(()),
    }
}

fn not_there(id: &CollectionId) -> Error {
    Error::new(ErrorKind::NotFound, "app.collections", format!("collection {id} is not there"))
}

pub(super) fn collections(sealed: &Sealed<'_>) -> Result<Vec<CollectionRecord>> {
    type Columns = (String, Vec<u8>, String, u32, bool, i64);
    let read = |row: &Row<'_>| -> rusqlite::Result<Columns> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
    };
    let sql = "SELECT id, sealed_name, settings, generation, deleting, created_at FROM collection";
    let mut records = Vec::new();
    for (id, name, settings, generation, deleting, created_at) in sealed.all(sql, [], read)? {
        let settings = serde_json::from_str(&settings).map_err(|error| {
            Error::new(ErrorKind::Corrupt, "app.metadata", "a collection's settings do not read")
                .caused_by(error)
        })?;
        let name = sealed.take(&id, &name)?;
        records.push(CollectionRecord {
            id: CollectionId::new(&id)?,
            name,
            settings,
            generation,
            deleting,
            created_at,
        });
    }
    records.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(records)
}

pub(super) fn begin_collection_delete(sealed: &Sealed<'_>, id: &CollectionId) -> Result<()> {
    // The name is given up at once, so that a new collection may take it while this one is being removed.
    let name = sealed.put(id.as_str(), &format!("deleted {id}"))?;
    match sealed
        .execute("UPDATE collection SET deleting = 1, sealed_name = ?2 WHERE id = ?1", (id.as_str(), name))?
    {
        0 => Err(not_there(id)),
        _ => Ok(()),
    }
}

pub(super) fn remove_collection(sealed: &Sealed<'_>, id: &CollectionId) -> Result<()> {
    sealed.execute("DELETE FROM collection WHERE id = ?1", [id.as_str()]).map(|_| ())
}

/// Counts a change of a collection's index.
pub(super) fn index_changed(sealed: &Sealed<'_>, collection: &CollectionId) -> Result<()> {
    let sql = "UPDATE collection SET changes = changes + 1 WHERE id = ?1";
    sealed.execute(sql, [collection.as_str()]).map(|_| ())
}

pub(super) fn begin_revision(
    sealed: &Sealed<'_>,
    collection: &CollectionId,
    new: &NewRevision,
) -> Result<u32> {
    let (collection, source) = (collection.as_str(), new.source.as_str());
    let parent = new.parent.as_ref().map(SourceId::as_str);
    sealed.execute(
        "INSERT INTO source (collection, id, owner, parent, kind, created_at) VALUES (?1,?2,?3,?4,?5,?6)
         ON CONFLICT (collection, id) DO UPDATE SET parent = excluded.parent, kind = excluded.kind,
           current = CASE WHEN deleting = 1 THEN NULL ELSE current END, deleting = 0",
        (collection, source, LOCAL_OWNER, parent, new.kind as u8, clock::now()),
    )?;
    let last = "SELECT coalesce(max(number), 0) FROM revision WHERE collection = ?1 AND source = ?2";
    let number = 1 + sealed.one(last, (collection, source), |row| row.get::<_, u32>(0))?.unwrap_or(0);
    let detail = sealed.put(source, &new.detail)?;
    sealed.execute(
        "INSERT INTO revision (collection, source, number, fingerprint, bytes, created_at, sealed_detail)
         VALUES (?1,?2,?3,?4,?5,?6,?7)",
        (collection, source, number, &new.fingerprint, new.bytes.cast_signed(), clock::now(), detail),
    )?;
    Ok(number)
}

pub(super) fn finish_revision(
    sealed: &Sealed<'_>,
    collection: &CollectionId,
    done: &FinishedRevision,
) -> Result<()> {
    let (collection, source) = (collection.as_str(), done.source.as_str());
    let changed = sealed.execute(
        "UPDATE revision SET finished = 1, text_bytes = ?4, documents = ?5, language = ?6
         WHERE collection = ?1 AND source = ?2 AND number = ?3",
        (
            collection,
            source,
            done.revision,
            done.text_bytes.cast_signed(),
            done.documents.cast_signed(),
            done.language.as_deref(),
        ),
    )?;
    if changed == 0 {
        let message = format!("revision {} of source {source} was not begun", done.revision);
        return Err(Error::new(ErrorKind::NotFound, "app.metadata", message));
    }
    // Of a source that was deleted since its revision began, nothing becomes current: all of it is left over.
    let sql = "UPDATE source SET current = ?3 WHERE collection = ?1 AND id = ?2 AND deleting = 0";
    sealed.execute(sql, (collection, source, done.revision)).map(|_| ())
}

pub(super) fn describe(sealed: &Sealed<'_>, collection: &CollectionId, source: &SourceRecord) -> Result<()> {
    let detail = sealed.put(source.id.as_str(), &source.detail)?;
    let sql = "UPDATE revision SET sealed_detail = ?4 WHERE collection = ?1 AND source = ?2 AND number = ?3";
    sealed.execute(sql, (collection.as_str(), source.id.as_str(), source.revision, detail)).map(|_| ())
}

/// Forgets the fingerprint of the dataset that `row` is of, if it is of one.
pub(super) fn dataset_changed(sealed: &Sealed<'_>, collection: &CollectionId, row: &SourceId) -> Result<()> {
    let sql = "UPDATE revision SET fingerprint = '' WHERE collection = ?1
               AND source = (SELECT parent FROM source WHERE collection = ?1 AND id = ?2)";
    sealed.execute(sql, (collection.as_str(), row.as_str())).map(|_| ())
}

pub(super) fn mark_deleting(
    sealed: &Sealed<'_>,
    collection: &CollectionId,
    source: &SourceId,
) -> Result<u64> {
    let sql =
        "UPDATE source SET deleting = 1 WHERE collection = ?1 AND (id = ?2 OR parent = ?2) AND deleting = 0";
    sealed.execute(sql, (collection.as_str(), source.as_str()))
}

pub(super) fn sources(
    sealed: &Sealed<'_>,
    collection: &CollectionId,
    scope: &SourceScope,
) -> Result<Vec<SourceRecord>> {
    let (condition, parameter) = match scope {
        SourceScope::Top => ("s.kind <> 2 AND ?2 IS NULL", None),
        SourceScope::WithText => ("s.kind <> 1 AND ?2 IS NULL", None),
        SourceScope::RowsOf(parent) => ("s.parent = ?2", Some(parent.as_str())),
        SourceScope::One(id) => ("s.id = ?2", Some(id.as_str())),
    };
    let sql = format!(
        "SELECT s.id, s.parent, s.kind, s.current, r.fingerprint, r.bytes, r.text_bytes, r.documents, r.language,
                r.created_at, r.sealed_detail
         FROM source s JOIN revision r ON r.collection = s.collection AND r.source = s.id AND r.number = s.current
         WHERE s.collection = ?1 AND s.deleting = 0 AND {condition} ORDER BY r.rowid"
    );
    let mut records = Vec::new();
    for (mut record, detail) in sealed.all(&sql, (collection.as_str(), parameter), source_columns)? {
        record.detail = sealed.take(record.id.as_str(), &detail)?;
        records.push(record);
    }
    records.sort_by(|a, b| a.detail.path.cmp(&b.detail.path));
    Ok(records)
}

pub(super) fn row_totals(
    sealed: &Sealed<'_>,
    collection: &CollectionId,
) -> Result<HashMap<SourceId, RowTotals>> {
    let sql = "SELECT s.parent, count(*), sum(r.text_bytes), sum(r.documents)
               FROM source s JOIN revision r ON r.collection = s.collection AND r.source = s.id AND r.number = s.current
               WHERE s.collection = ?1 AND s.deleting = 0 AND s.parent IS NOT NULL GROUP BY s.parent";
    let totals = |row: &Row<'_>| {
        let sum = |column: usize| row.get::<_, i64>(column).map(i64::cast_unsigned);
        let totals = RowTotals { rows: sum(1)?, text_bytes: sum(2)?, documents: sum(3)? };
        Ok((source_id(&row.get::<_, String>(0)?)?, totals))
    };
    Ok(sealed.all(sql, [collection.as_str()], totals)?.into_iter().collect())
}

pub(super) fn languages(sealed: &Sealed<'_>, collection: &CollectionId) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT r.language, count(*)
               FROM source s JOIN revision r ON r.collection = s.collection AND r.source = s.id AND r.number = s.current
               WHERE s.collection = ?1 AND s.deleting = 0 AND s.kind <> 1 AND r.language IS NOT NULL
               GROUP BY r.language ORDER BY r.language";
    sealed.all(sql, [collection.as_str()], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))
}

fn source_columns(row: &Row<'_>) -> rusqlite::Result<(SourceRecord, Vec<u8>)> {
    let record = SourceRecord {
        id: source_id(&row.get::<_, String>(0)?)?,
        parent: row.get::<_, Option<String>>(1)?.as_deref().map(source_id).transpose()?,
        kind: [SourceKind::File, SourceKind::Dataset, SourceKind::Row]
            [usize::from(row.get::<_, u8>(2)?.min(2))],
        revision: row.get(3)?,
        fingerprint: row.get(4)?,
        bytes: row.get::<_, i64>(5)?.cast_unsigned(),
        text_bytes: row.get::<_, i64>(6)?.cast_unsigned(),
        documents: row.get::<_, i64>(7)?.cast_unsigned(),
        language: row.get(8)?,
        updated_at: row.get(9)?,
        detail: super::RevisionDetail::default(),
    };
    Ok((record, row.get(10)?))
}

pub(super) fn source_id(text: &str) -> rusqlite::Result<SourceId> {
    SourceId::new(text).map_err(unreadable)
}

pub(super) fn unreadable(error: Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}

/// A revision is left over when it is not its source's current one, or its source is being deleted.
pub(super) fn leftovers(sealed: &Sealed<'_>, collection: Option<&CollectionId>) -> Result<Vec<Leftover>> {
    let sql = "SELECT r.collection, r.source, r.number, r.finished
               FROM revision r JOIN source s ON s.collection = r.collection AND s.id = r.source
               WHERE (s.deleting = 1 OR s.current IS NOT r.number) AND (?1 IS NULL OR r.collection = ?1)
               ORDER BY r.collection, r.source, r.number";
    sealed.all(sql, [collection.map(CollectionId::as_str)], leftover)
}

/// Those that are not finished; found by an index that holds only these.
pub(super) fn pending(sealed: &Sealed<'_>, collection: &CollectionId) -> Result<Vec<Leftover>> {
    let sql = "SELECT collection, source, number, finished FROM revision
               WHERE collection = ?1 AND finished = 0 ORDER BY source, number";
    sealed.all(sql, [collection.as_str()], leftover)
}

fn leftover(row: &Row<'_>) -> rusqlite::Result<Leftover> {
    let finished: bool = row.get(3)?;
    Ok(Leftover {
        collection: CollectionId::new(&row.get::<_, String>(0)?).map_err(unreadable)?,
        source: source_id(&row.get::<_, String>(1)?)?,
        revision: row.get(2)?,
        kind: if finished { LeftoverKind::Obsolete } else { LeftoverKind::Pending },
    })
}

pub(super) fn forget(sealed: &Sealed<'_>, cleared: &Leftover) -> Result<()> {
    let (collection, source) = (cleared.collection.as_str(), cleared.source.as_str());
    let sql = "DELETE FROM revision WHERE collection = ?1 AND source = ?2 AND number = ?3";
    sealed.execute(sql, (collection, source, cleared.revision))?;
    let sql = "DELETE FROM source WHERE collection = ?1 AND id = ?2
               AND NOT EXISTS (SELECT 1 FROM revision WHERE collection = ?1 AND source = ?2)";
    sealed.execute(sql, (collection, source)).map(|_| ())
}
