//! The statements behind jobs; each function is part of one transaction.

use super::jobs::{
    FileEnd, FileError, FileOrigin, FileProgress, FileStage, FileState, JobEnd, JobFileRecord, JobOptions,
    JobRecord, JobState, MOST_ATTEMPTS, NewJob, NewJobFile, NewJobRow, OpenWork, REMEMBERED_FOR,
    REMEMBERED_JOBS,
};
use super::rows::{Sealed, source_id, unreadable};
use super::{Instant, LOCAL_OWNER, RevisionDetail};
use crate::clock;
use pllm_core::{CollectionId, Error, ErrorKind, Result};
use rusqlite::Row;
use std::collections::HashSet;

const OPERATION: &str = "app.jobs";
/// The one kind of job there is so far.
const INGEST: u8 = 0;
/// Where a file's bytes are: in the file at its path,
const AT_PATH: u8 = 0;
/// or in an incoming blob.
const UPLOADED: u8 = 1;

pub(super) fn submit(sealed: &Sealed<'_>, job: &NewJob, most_queued: u64) -> Result<NewJobRow> {
    check_queue(sealed, most_queued)?;
    let paths = job.files.iter().map(|file| file.path.clone()).collect();
    let mut freed = forget_incoming(sealed, &job.collection, &paths)?;
    let id = insert(sealed, job, JobState::Queued)?;
    freed.extend(forget_oldest(sealed, &job.collection)?);
    Ok(NewJobRow { id, freed })
}

pub(super) fn start(sealed: &Sealed<'_>, job: &NewJob) -> Result<NewJobRow> {
    let id = insert(sealed, job, JobState::Running)?;
    let sql = "UPDATE job SET attempts = 1, started_at = ?2 WHERE id = ?1";
    sealed.execute(sql, (id, clock::now()))?;
    Ok(NewJobRow { id, freed: forget_oldest(sealed, &job.collection)? })
}

pub(super) fn check_queue(sealed: &Sealed<'_>, most_queued: u64) -> Result<()> {
    let sql = "SELECT count(*) FROM job WHERE state = ?1";
    let queued = sealed.one(sql, [JobState::Queued as u8], |row| row.get::<_, i64>(0))?.unwrap_or(0);
    if queued.cast_unsigned() < most_queued {
        return Ok(());
    }
    let message = format!("{queued} jobs wait already, expected fewer than {most_queued}");
    Err(Error::new(ErrorKind::Overloaded, OPERATION, message).hint("try again when some of them are done"))
}

fn insert(sealed: &Sealed<'_>, job: &NewJob, state: JobState) -> Result<i64> {
    let collection = job.collection.as_str();
    let deleting = "SELECT deleting FROM collection WHERE id = ?1";
    if sealed.one(deleting, [collection], |row| row.get::<_, bool>(0))? != Some(false) {
        return Err(Error::new(ErrorKind::NotFound, OPERATION, "the collection is not there any more"));
    }
    let sql = "INSERT INTO job (collection, owner, kind, state, created_at) VALUES (?1,?2,?3,?4,?5)";
    sealed.execute(sql, (collection, LOCAL_OWNER, INGEST, state as u8, clock::now()))?;
    let id = sealed.transaction.last_insert_rowid();
    let options = sealed.put(&job_record(id), &job.options)?;
    sealed.execute("UPDATE job SET sealed_options = ?2 WHERE id = ?1", (id, options))?;
    for (number, file) in (0..).zip(&job.files) {
        insert_file(sealed, id, number, file)?;
    }
    Ok(id)
}

fn insert_file(sealed: &Sealed<'_>, job: i64, number: u32, file: &NewJobFile) -> Result<()> {
    let state = if file.error.is_some() { FileState::Failed } else { FileState::Waiting };
    let done = if file.error.is_some() { file.bytes } else { 0 };
    let (origin, incoming) = match &file.origin {
        FileOrigin::Path => (AT_PATH, None),
        FileOrigin::Incoming(blob) => (UPLOADED, blob.as_deref()),
    };
    let record = file_record(job, number);
    let path = sealed.put(&record, &file.path)?;
    let error = file.error.as_ref().map(|error| sealed.put(&record, error)).transpose()?;
    let sql = "INSERT INTO job_file (job, number, state, bytes, bytes_done, origin, incoming, sealed_path, sealed_error)
               VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)";
    let (bytes, done) = (file.bytes.cast_signed(), done.cast_signed());
    sealed.execute(sql, (job, number, state as u8, bytes, done, origin, incoming, path, error)).map(|_| ())
}

/// Forgets ended jobs beyond the newest, and old ones; gives the blobs they kept.
fn forget_oldest(sealed: &Sealed<'_>, collection: &CollectionId) -> Result<Vec<String>> {
    let sql = "SELECT id FROM job WHERE collection = ?1 AND state NOT IN (0, 5) ORDER BY id DESC LIMIT -1 OFFSET ?2";
    let mut old = sealed.all(sql, (collection.as_str(), REMEMBERED_JOBS), |row| row.get::<_, i64>(0))?;
    let sql = "SELECT id FROM job WHERE collection = ?1 AND state NOT IN (0, 5) AND ended_at < ?2";
    let before = clock::now() - REMEMBERED_FOR;
    old.extend(sealed.all(sql, (collection.as_str(), before), |row| row.get::<_, i64>(0))?);
    let mut freed = Vec::new();
    for id in old {
        freed.extend(remove(sealed, id)?);
    }
    Ok(freed)
}

/// Removes a job; gives the blobs it kept.
fn remove(sealed: &Sealed<'_>, id: i64) -> Result<Vec<String>> {
    let sql = "SELECT incoming FROM job_file WHERE job = ?1 AND incoming IS NOT NULL";
    let kept = sealed.all(sql, [id], |row| row.get::<_, String>(0))?;
    sealed.execute("DELETE FROM job WHERE id = ?1", [id])?;
    Ok(kept)
}

pub(super) fn forget(sealed: &Sealed<'_>, id: i64) -> Result<(CollectionId, Vec<String>)> {
    let job = job(sealed, id)?.ok_or_else(|| missing(id))?;
    if !job.state.is_ended() {
        let message = format!("job {id} is {}, expected one that has ended", job.state.name());
        return Err(Error::new(ErrorKind::Conflict, OPERATION, message).hint("stop it first"));
    }
    Ok((job.collection, remove(sealed, id)?))
}

pub(super) fn claim(sealed: &Sealed<'_>, busy: &[CollectionId]) -> Result<Option<JobRecord>> {
    let sql = "SELECT j.id, j.collection FROM job j JOIN collection c ON c.id = j.collection
               WHERE j.state = 5 AND c.deleting = 0 ORDER BY j.id";
    let queued = sealed.all(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let is_busy = |collection: &String| busy.iter().any(|busy| busy.as_str() == collection);
    let Some((id, _)) = queued.into_iter().find(|(_, collection)| !is_busy(collection)) else {
        return Ok(None);
    };
    let sql = "UPDATE job SET state = 0, attempts = attempts + 1, cancelling = 0, started_at = ?2, ended_at = NULL,
               bytes_before = (SELECT coalesce(sum(bytes_done), 0) FROM job_file WHERE job = ?1) WHERE id = ?1";
    sealed.execute(sql, (id, clock::now()))?;
    job(sealed, id)
}

pub(super) fn job(sealed: &Sealed<'_>, id: i64) -> Result<Option<JobRecord>> {
    Ok(select_jobs(sealed, None, Some(id))?.pop())
}

pub(super) fn jobs(sealed: &Sealed<'_>, collection: Option<&CollectionId>) -> Result<Vec<JobRecord>> {
    select_jobs(sealed, collection, None)
}

fn select_jobs(
    sealed: &Sealed<'_>,
    collection: Option<&CollectionId>,
    id: Option<i64>,
) -> Result<Vec<JobRecord>> {
    let sql = "SELECT j.id, j.collection, j.state, j.attempts, j.cancelling, j.bytes_before, j.created_at, j.started_at,
                 j.ended_at, j.sealed_options, count(f.number), coalesce(sum(f.state IN (2, 3)), 0),
                 coalesce(sum(f.state = 4), 0), coalesce(sum(f.bytes), 0), coalesce(sum(f.bytes_done), 0),
                 coalesce(sum(f.documents), 0)
               FROM job j JOIN collection c ON c.id = j.collection LEFT JOIN job_file f ON f.job = j.id
               WHERE c.deleting = 0 AND (?1 IS NULL OR j.collection = ?1) AND (?2 IS NULL OR j.id = ?2)
               GROUP BY j.id ORDER BY j.id DESC";
    let mut records = Vec::new();
    for (mut record, options) in sealed.all(sql, (collection.map(CollectionId::as_str), id), job_columns)? {
        if let Some(options) = options {
            record.options = sealed.take(&job_record(record.id), &options)?;
        }
        records.push(record);
    }
    Ok(records)
}

fn job_columns(row: &Row<'_>) -> rusqlite::Result<(JobRecord, Option<Vec<u8>>)> {
    let count = |column: usize| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let record = JobRecord {
        id: row.get(0)?,
        collection: CollectionId::new(&row.get::<_, String>(1)?).map_err(unreadable)?,
        state: one_of(JobState::ALL, row.get(2)?),
        attempts: row.get(3)?,
        cancelling: row.get(4)?,
        options: JobOptions::default(),
        bytes_before: count(5)?,
        created_at: row.get(6)?,
        started_at: row.get::<_, Option<Instant>>(7)?,
        ended_at: row.get::<_, Option<Instant>>(8)?,
        files_total: count(10)?,
        files_done: count(11)?,
        files_failed: count(12)?,
        bytes_total: count(13)?,
        bytes_done: count(14)?,
        documents: count(15)?,
    };
    Ok((record, row.get(9)?))
}

pub(super) fn files(sealed: &Sealed<'_>, job: i64) -> Result<Vec<JobFileRecord>> {
    let sql = "SELECT f.number, f.state, f.stage, f.bytes, f.bytes_done, f.documents, f.source, f.origin, f.incoming,
                 f.sealed_path, f.sealed_error, r.sealed_detail
               FROM job_file f JOIN job j ON j.id = f.job
               LEFT JOIN source s ON s.collection = j.collection AND s.id = f.source AND s.deleting = 0
               LEFT JOIN revision r ON r.collection = s.collection AND r.source = s.id AND r.number = s.current
               WHERE f.job = ?1 ORDER BY f.number";
    let mut files = Vec::new();
    for (mut file, [path, error, detail]) in sealed.all(sql, [job], file_columns)? {
        let record = file_record(job, file.number);
        file.path = sealed.take(&record, &path.unwrap_or_default())?;
        file.error = error.map(|error| sealed.take(&record, &error)).transpose()?;
        if let (Some(source), Some(detail)) = (&file.source, detail) {
            file.report = Some(sealed.take::<RevisionDetail>(source.as_str(), &detail)?.report);
        }
        files.push(file);
    }
    Ok(files)
}

/// A file, with its sealed path, its error and the detail of its source.
fn file_columns(row: &Row<'_>) -> rusqlite::Result<(JobFileRecord, [Option<Vec<u8>>; 3])> {
    let count = |column: usize| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let file = JobFileRecord {
        number: row.get(0)?,
        path: String::new(),
        state: one_of(FileState::ALL, row.get(1)?),
        stage: row.get::<_, Option<u8>>(2)?.map(|stage| one_of(FileStage::ALL, stage)),
        bytes: count(3)?,
        bytes_done: count(4)?,
        documents: count(5)?,
        source: row.get::<_, Option<String>>(6)?.as_deref().map(source_id).transpose()?,
        origin: match row.get::<_, u8>(7)? {
            AT_PATH => FileOrigin::Path,
            _ => FileOrigin::Incoming(row.get(8)?),
        },
        error: None,
        report: None,
    };
    Ok((file, [row.get(9)?, row.get(10)?, row.get(11)?]))
}

/// The value at a number; the last one for a number that no version wrote.
fn one_of<T: Copy, const N: usize>(all: [T; N], number: u8) -> T {
    all[usize::from(number).min(N - 1)]
}

pub(super) fn progress(sealed: &Sealed<'_>, job: i64, file: &FileProgress) -> Result<()> {
    let sql = "UPDATE job_file SET state = 1, stage = ?3, bytes_done = ?4, documents = ?5
               WHERE job = ?1 AND number = ?2 AND state IN (0, 1)";
    let (bytes, documents) = (file.bytes_done.cast_signed(), file.documents.cast_signed());
    sealed.execute(sql, (job, file.number, file.stage as u8, bytes, documents)).map(|_| ())
}

pub(super) fn end_file(sealed: &Sealed<'_>, job: i64, end: &FileEnd) -> Result<()> {
    let record = file_record(job, end.number);
    let error = end.error.as_ref().map(|error| sealed.put(&record, error)).transpose()?;
    let sql = "UPDATE job_file SET state = ?3, stage = NULL, bytes_done = bytes, documents = ?4, source = ?5,
               sealed_error = ?6, incoming = CASE WHEN ?3 IN (2, 3) THEN NULL ELSE incoming END
               WHERE job = ?1 AND number = ?2";
    let source = end.source.as_ref().map(pllm_core::SourceId::as_str);
    sealed
        .execute(sql, (job, end.number, end.state as u8, end.documents.cast_signed(), source, error))
        .map(|_| ())
}

pub(super) fn end(sealed: &Sealed<'_>, id: i64, end: &JobEnd) -> Result<()> {
    let Some(job) = job(sealed, id)? else { return Ok(()) };
    let left = match end {
        // Somebody may have asked for a stop while the last files ended, or the process.
        JobEnd::Released if !job.cancelling => {
            unread(sealed, id, FileState::Waiting, None)?;
            let sql = "UPDATE job SET state = 5, attempts = attempts - 1, started_at = NULL WHERE id = ?1";
            return sealed.execute(sql, [id]).map(|_| ());
        }
        JobEnd::Cancelled | JobEnd::Released => unread(sealed, id, FileState::Cancelled, None)?,
        JobEnd::Failed(error) => {
            unread(sealed, id, FileState::Failed, Some(error))?;
            0
        }
        JobEnd::Finished => 0,
    };
    let failed = "SELECT count(*) FROM job_file WHERE job = ?1 AND state = 4";
    let failed = sealed.one(failed, [id], |row| row.get::<_, i64>(0))?.unwrap_or(0) > 0;
    let state = match (end, failed) {
        (JobEnd::Cancelled | JobEnd::Released, _) if left > 0 || job.files_total == 0 => JobState::Cancelled,
        (_, true) => JobState::Failed,
        _ => JobState::Done,
    };
    let sql = "UPDATE job SET state = ?2, cancelling = 0, ended_at = ?3 WHERE id = ?1";
    sealed.execute(sql, (id, state as u8, clock::now())).map(|_| ())
}

/// Gives files that were not done another state, as if nothing had been done of them; gives their number.
fn unread(sealed: &Sealed<'_>, job: i64, state: FileState, error: Option<&FileError>) -> Result<u64> {
    let sql = "SELECT number FROM job_file WHERE job = ?1 AND state IN (0, 1)";
    let numbers = sealed.all(sql, [job], |row| row.get::<_, u32>(0))?;
    for number in &numbers {
        let record = file_record(job, *number);
        let error = error.map(|error| sealed.put(&record, error)).transpose()?;
        let sql =
            "UPDATE job_file SET state = ?3, stage = NULL, bytes_done = 0, documents = 0, sealed_error = ?4
                   WHERE job = ?1 AND number = ?2";
        sealed.execute(sql, (job, number, state as u8, error))?;
    }
    Ok(numbers.len() as u64)
}

pub(super) fn cancel(sealed: &Sealed<'_>, id: i64) -> Result<JobState> {
    let state = job(sealed, id)?.ok_or_else(|| missing(id))?.state;
    match state {
        JobState::Running => {
            sealed.execute("UPDATE job SET cancelling = 1 WHERE id = ?1", [id])?;
            Ok(state)
        }
        JobState::Queued | JobState::Interrupted => {
            end(sealed, id, &JobEnd::Cancelled)?;
            Ok(JobState::Cancelled)
        }
        ended => Ok(ended),
    }
}

pub(super) fn retry(sealed: &Sealed<'_>, id: i64, most_queued: u64) -> Result<()> {
    let state = job(sealed, id)?.ok_or_else(|| missing(id))?.state;
    if !matches!(state, JobState::Failed | JobState::Cancelled | JobState::Interrupted) {
        let message =
            format!("job {id} is {}, expected one that failed, was cancelled or interrupted", state.name());
        return Err(Error::new(ErrorKind::Conflict, OPERATION, message));
    }
    check_queue(sealed, most_queued)?;
    let sql =
        "UPDATE job_file SET state = 0, stage = NULL, bytes_done = 0, documents = 0, sealed_error = NULL
               WHERE job = ?1 AND state NOT IN (2, 3) AND (origin = 0 OR incoming IS NOT NULL)";
    if sealed.execute(sql, [id])? == 0 {
        let message = format!("job {id} has no file whose bytes are still here");
        return Err(Error::new(ErrorKind::Conflict, OPERATION, message).hint("give the files once more"));
    }
    sealed
        .execute("UPDATE job SET state = 5, started_at = NULL, ended_at = NULL WHERE id = ?1", [id])
        .map(|_| ())
}

/// The error for a job that is not there.
pub(crate) fn missing(id: i64) -> Error {
    Error::new(ErrorKind::NotFound, OPERATION, format!("job {id} is not there"))
}

pub(super) fn interrupt(sealed: &Sealed<'_>) -> Result<u64> {
    // The blobs of these are not named any more, so the clean-up of a start removes them.
    let old = "DELETE FROM job WHERE state NOT IN (0, 5) AND ended_at < ?1";
    sealed.execute(old, [clock::now() - REMEMBERED_FOR])?;
    let sql = "SELECT id, cancelling FROM job WHERE state = 0";
    let running = sealed.all(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))?;
    for (id, cancelling) in &running {
        if *cancelling {
            end(sealed, *id, &JobEnd::Cancelled)?;
        } else {
            unread(sealed, *id, FileState::Waiting, None)?;
            let sql = "UPDATE job SET state = 4, ended_at = ?2 WHERE id = ?1";
            sealed.execute(sql, (id, clock::now()))?;
        }
    }
    Ok(running.len() as u64)
}

pub(super) fn resume(sealed: &Sealed<'_>) -> Result<u64> {
    let sql = "UPDATE job SET state = 5, started_at = NULL, ended_at = NULL WHERE state = 4 AND attempts < ?1
               AND EXISTS (SELECT 1 FROM job_file f WHERE f.job = job.id AND f.state = 0)
               AND NOT EXISTS (SELECT 1 FROM job_file f WHERE f.job = job.id AND f.state = 0 AND f.origin = 0)";
    sealed.execute(sql, [MOST_ATTEMPTS])
}

pub(super) fn open_work(sealed: &Sealed<'_>, collection: &CollectionId) -> Result<OpenWork> {
    let sql = "SELECT count(DISTINCT j.id), count(f.number) FROM job j
               LEFT JOIN job_file f ON f.job = j.id AND f.state IN (0, 1)
               WHERE j.collection = ?1 AND j.state IN (0, 5)";
    let read = |row: &Row<'_>| {
        let count = |column: usize| row.get::<_, i64>(column).map(i64::cast_unsigned);
        Ok(OpenWork { jobs: count(0)?, files_left: count(1)? })
    };
    Ok(sealed.one(sql, [collection.as_str()], read)?.unwrap_or(OpenWork { jobs: 0, files_left: 0 }))
}

pub(super) fn incoming(sealed: &Sealed<'_>, collection: &CollectionId) -> Result<Vec<String>> {
    let sql = "SELECT f.incoming FROM job_file f JOIN job j ON j.id = f.job
               WHERE j.collection = ?1 AND f.incoming IS NOT NULL ORDER BY f.job, f.number";
    sealed.all(sql, [collection.as_str()], |row| row.get(0))
}

pub(super) fn forget_incoming(
    sealed: &Sealed<'_>,
    collection: &CollectionId,
    paths: &HashSet<String>,
) -> Result<Vec<String>> {
    let sql = "SELECT f.job, f.number, f.incoming, f.sealed_path FROM job_file f JOIN job j ON j.id = f.job
               WHERE j.collection = ?1 AND j.state IN (1, 2, 3) AND f.incoming IS NOT NULL";
    let read = |row: &Row<'_>| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, u32>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, Vec<u8>>(3)?,
        ))
    };
    let mut freed = Vec::new();
    for (job, number, blob, path) in sealed.all(sql, [collection.as_str()], read)? {
        let path: String = sealed.take(&file_record(job, number), &path)?;
        if paths.contains(&path) {
            let sql = "UPDATE job_file SET incoming = NULL WHERE job = ?1 AND number = ?2";
            sealed.execute(sql, (job, number))?;
            freed.push(blob);
        }
    }
    Ok(freed)
}

fn job_record(id: i64) -> String {
    format!("job {id}")
}

fn file_record(job: i64, number: u32) -> String {
    format!("job {job} file {number}")
}
