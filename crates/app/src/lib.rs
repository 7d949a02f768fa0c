//! The use cases: collections, sources, ingest, ask, evaluate; the metadata database.
