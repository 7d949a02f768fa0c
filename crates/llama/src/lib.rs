//! llama.cpp, which nothing but a child of this program runs: it is C++ that reads files of strangers, and it may crash or hang.
//! Only the binary links it. What parent and child say to each other is `pllm_models::generators::local::wire`.

mod chance;
mod child;
mod engine;
mod processor;
mod template;
mod writing;

pub use child::worker_child;
