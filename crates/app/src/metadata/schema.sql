-- The metadata database, format 2. Columns named sealed_* pass through the seal.
CREATE TABLE format (version INTEGER NOT NULL, seal_version INTEGER NOT NULL, key_id INTEGER NOT NULL);

CREATE TABLE collection (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  sealed_name BLOB NOT NULL,
  settings TEXT NOT NULL,
  generation INTEGER NOT NULL,
  deleting INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE source (
  collection TEXT NOT NULL REFERENCES collection(id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  owner TEXT NOT NULL,
  parent TEXT,
  kind INTEGER NOT NULL,
  current INTEGER,
  deleting INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;
CREATE INDEX source_parent ON source (collection, parent);

CREATE TABLE revision (
  collection TEXT NOT NULL,
  source TEXT NOT NULL,
  number INTEGER NOT NULL,
  finished INTEGER NOT NULL DEFAULT 0,
  fingerprint TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  text_bytes INTEGER NOT NULL DEFAULT 0,
  documents INTEGER NOT NULL DEFAULT 0,
  language TEXT,
  created_at INTEGER NOT NULL,
  sealed_detail BLOB NOT NULL,
  PRIMARY KEY (collection, source, number),
  FOREIGN KEY (collection, source) REFERENCES source(collection, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX revision_pending ON revision (collection, source, number) WHERE finished = 0;

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
