-- Jobs get attempts, files and options; what the first format knew of them is kept but for the errors, which nothing showed.
ALTER TABLE job RENAME TO old_job;
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  collection TEXT NOT NULL REFERENCES collection(id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  cancelling INTEGER NOT NULL DEFAULT 0,
  bytes_before INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  sealed_options BLOB
) STRICT;
INSERT INTO job (id, collection, owner, kind, state, attempts, created_at, started_at, ended_at)
  SELECT id, collection, owner, 0, state, 1, started_at, started_at, ended_at FROM old_job;
DROP TABLE old_job;
CREATE INDEX job_open ON job (collection) WHERE state IN (0, 5);

CREATE TABLE job_file (
  job INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  state INTEGER NOT NULL,
  stage INTEGER,
  bytes INTEGER NOT NULL,
  bytes_done INTEGER NOT NULL DEFAULT 0,
  documents INTEGER NOT NULL DEFAULT 0,
  source TEXT,
  origin INTEGER NOT NULL,
  incoming TEXT,
  sealed_path BLOB NOT NULL,
  sealed_error BLOB,
  PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;
