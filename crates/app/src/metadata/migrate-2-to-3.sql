-- Answers get traces, and a collection counts the changes of its index.
ALTER TABLE collection ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;

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
