//! Instants of ISO 8601, for filters.
