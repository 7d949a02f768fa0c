//! Bytes to canonical text to Documents: detect, convert, split.
