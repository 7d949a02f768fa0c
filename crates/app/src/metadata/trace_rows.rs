//! The statements behind traces; each function is part of one transaction.

use super::rows::{Sealed, source_id, unreadable};
use super::{Instant, LOCAL_OWNER, NewTrace, StoredTrace, TraceHead, TracePart, TraceRecord};
use pllm_core::{CollectionId, Result};
use rusqlite::Row;

pub(super) fn last(sealed: &Sealed<'_>) -> Result<i64> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'trace'";
    Ok(sealed.one(sql, [], |row| row.get(0))?.unwrap_or(0))
}

pub(super) fn index_changes(sealed: &Sealed<'_>, collection: &CollectionId) -> Result<Option<i64>> {
    let sql = "SELECT changes FROM collection WHERE id = ?1
               AND NOT EXISTS (SELECT 1 FROM revision WHERE collection = ?1 AND finished = 0)";
    sealed.one(sql, [collection.as_str()], |row| row.get(0))
}

pub(super) fn write(sealed: &Sealed<'_>, trace: &NewTrace) -> Result<()> {
    let TraceRecord { id, collection, created_at, head } = &trace.record;
    let sql = "INSERT INTO trace (id, collection, owner, created_at, sealed_head)
               SELECT ?1, id, ?3, ?4, ?5 FROM collection WHERE id = ?2 AND deleting = 0";
    let head = sealed.put(&head_record(*id), head)?;
    if sealed.execute(sql, (id, collection.as_str(), LOCAL_OWNER, created_at, head))? == 0 {
        return Ok(());
    }
    let mut prompt_is_there = true;
    for part in &trace.parts {
        let is_there = write_part(sealed, &trace.record, part)?;
        prompt_is_there &= is_there || !part.in_prompt;
    }
    if let Some(wording) = trace.wording.as_ref().filter(|_| prompt_is_there) {
        let wording = sealed.put(&wording_record(*id), wording)?;
        sealed.execute("UPDATE trace SET sealed_wording = ?2 WHERE id = ?1", (id, wording))?;
    }
    Ok(())
}

/// Whether the part's source is still there: of one that is being deleted, nothing is written.
fn write_part(sealed: &Sealed<'_>, record: &TraceRecord, part: &TracePart) -> Result<bool> {
    let (source, collection) = (part.source.as_str(), record.collection.as_str());
    let sql = "INSERT INTO trace_part (trace, collection, source, revision, in_prompt, sealed_marks)
               SELECT ?1, r.collection, r.source, r.number, ?5, ?6
               FROM revision r JOIN source s ON s.collection = r.collection AND s.id = r.source
               WHERE r.collection = ?2 AND r.source = ?3 AND r.number = ?4 AND s.deleting = 0";
    let marks = sealed.put(&part_record(record.id, source, part.revision), &part.marks)?;
    Ok(sealed.execute(sql, (record.id, collection, source, part.revision, part.in_prompt, marks))? > 0)
}

pub(super) fn trace(sealed: &Sealed<'_>, id: i64) -> Result<Option<StoredTrace>> {
    let sql = "SELECT t.id, t.collection, t.created_at, t.sealed_head, t.sealed_wording
               FROM trace t JOIN collection c ON c.id = t.collection WHERE t.id = ?1 AND c.deleting = 0";
    let read = |row: &Row<'_>| Ok((columns(row)?, row.get::<_, Option<Vec<u8>>>(4)?));
    let Some((found, wording)) = sealed.one(sql, [id], read)? else { return Ok(None) };
    let record = opened(sealed, found)?;
    let (going, there): (Vec<_>, Vec<_>) =
        parts(sealed, id)?.into_iter().partition(|(_, deleting)| *deleting);
    let hides = going.iter().any(|(part, _)| part.in_prompt);
    let wording =
        wording.filter(|_| !hides).map(|wording| sealed.take(&wording_record(id), &wording)).transpose()?;
    Ok(Some(StoredTrace { record, parts: there.into_iter().map(|(part, _)| part).collect(), wording }))
}

/// The parts of a trace, each with whether its source is being deleted.
fn parts(sealed: &Sealed<'_>, id: i64) -> Result<Vec<(TracePart, bool)>> {
    let sql = "SELECT p.source, p.revision, p.in_prompt, p.sealed_marks, s.deleting FROM trace_part p
               JOIN source s ON s.collection = p.collection AND s.id = p.source WHERE p.trace = ?1";
    let read = |row: &Row<'_>| {
        let source = source_id(&row.get::<_, String>(0)?)?;
        let part = TracePart { source, revision: row.get(1)?, in_prompt: row.get(2)?, marks: Vec::new() };
        Ok((part, row.get::<_, Vec<u8>>(3)?, row.get::<_, bool>(4)?))
    };
    let open = |(mut part, marks, deleting): (TracePart, Vec<u8>, bool)| {
        part.marks = sealed.take(&part_record(id, part.source.as_str(), part.revision), &marks)?;
        Ok((part, deleting))
    };
    sealed.all(sql, [id], read)?.into_iter().map(open).collect()
}

pub(super) fn traces(
    sealed: &Sealed<'_>,
    collection: Option<&CollectionId>,
    limit: usize,
) -> Result<Vec<TraceRecord>> {
    let sql = "SELECT t.id, t.collection, t.created_at, t.sealed_head FROM trace t
               JOIN collection c ON c.id = t.collection
               WHERE c.deleting = 0 AND (?1 IS NULL OR t.collection = ?1) ORDER BY t.id DESC LIMIT ?2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = sealed.all(sql, (collection.map(CollectionId::as_str), limit), columns)?;
    found.into_iter().map(|found| opened(sealed, found)).collect()
}

pub(super) fn count(sealed: &Sealed<'_>) -> Result<u64> {
    let count = sealed.one("SELECT count(*) FROM trace", [], |row| row.get::<_, i64>(0))?;
    Ok(count.unwrap_or(0).cast_unsigned())
}

pub(super) fn forget(
    sealed: &Sealed<'_>,
    collection: Option<&CollectionId>,
    before: Option<Instant>,
) -> Result<u64> {
    let sql = "DELETE FROM trace WHERE (?1 IS NULL OR collection = ?1) AND (?2 IS NULL OR created_at < ?2)";
    sealed.execute(sql, (collection.map(CollectionId::as_str), before))
}

/// Number, collection, time and sealed head.
type Columns = (i64, CollectionId, Instant, Vec<u8>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let collection = CollectionId::new(&row.get::<_, String>(1)?).map_err(unreadable)?;
    Ok((row.get(0)?, collection, row.get(2)?, row.get(3)?))
}

fn opened(sealed: &Sealed<'_>, (id, collection, created_at, head): Columns) -> Result<TraceRecord> {
    let head: TraceHead = sealed.take(&head_record(id), &head)?;
    Ok(TraceRecord { id, collection, created_at, head })
}

fn head_record(id: i64) -> String {
    format!("trace {id}")
}

fn wording_record(id: i64) -> String {
    format!("trace {id} wording")
}

fn part_record(id: i64, source: &str, revision: u32) -> String {
    format!("trace {id} source {source}.{revision}")
}
