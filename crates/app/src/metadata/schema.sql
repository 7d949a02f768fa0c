-- The metadata database, format 1. Columns named sealed_* pass through the seal.
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
  state INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  sealed_errors BLOB
) STRICT;
