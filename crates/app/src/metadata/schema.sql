-- The metadata database, format 3. Columns named sealed_* pass through the seal.
CREATE TABLE format (version INTEGER NOT NULL, seal_version INTEGER NOT NULL, key_id INTEGER NOT NULL);

CREATE TABLE collection (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  sealed_name BLOB NOT NULL,
  settings TEXT NOT NULL,
  generation INTEGER NOT NULL,
  deleting INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  changes INTEGER NOT NULL DEFAULT 0
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

-- What a trace says of a source lies in a row of that source's revision: whatever removes the revision removes the row. The text
-- that a language model wrote, and the prompt around the passages, may hold words of any source in the prompt: they go with the first
-- of them.
CREATE TABLE trace (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  collection TEXT NOT NULL REFERENCES collection(id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sealed_head BLOB NOT NULL,
  sealed_wording BLOB
) STRICT;
CREATE INDEX trace_collection ON trace (collection, id);
CREATE INDEX trace_age ON trace (created_at);

CREATE TABLE trace_part (
  trace INTEGER NOT NULL REFERENCES trace(id) ON DELETE CASCADE,
  collection TEXT NOT NULL,
  source TEXT NOT NULL,
  revision INTEGER NOT NULL,
  in_prompt INTEGER NOT NULL,
  sealed_marks BLOB NOT NULL,
  PRIMARY KEY (trace, source, revision),
  FOREIGN KEY (collection, source, revision) REFERENCES revision(collection, source, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX trace_part_revision ON trace_part (collection, source, revision);
CREATE TRIGGER trace_part_gone AFTER DELETE ON trace_part WHEN OLD.in_prompt = 1
BEGIN
  UPDATE trace SET sealed_wording = NULL WHERE id = OLD.trace;
END;
