//! The `pllm` binary.
fn main() {}
