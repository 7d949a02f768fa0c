//! Tests of the models as a whole, on the real weights.
//!
//! They are looked for in `$PLLM_MODELS`, by default `$PLLM_CACHE/models` with `$PLLM_CACHE` by default `~/.cache/pllm`;
//! `make run` puts them there.

#![expect(clippy::unwrap_used, reason = "a panic is the report of a test")]

mod model;

mod bert_batches;
mod bert_golden;
mod bert_tokens;
mod embedder;
