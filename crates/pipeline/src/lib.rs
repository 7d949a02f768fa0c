//! Components, sockets, the graph, its engine and its files: how `ask`, `search`, `ingest` and `eval` are put together.
//!
//! A pipeline file names components, connects their sockets, and names what goes in and what comes out. [`Graph`] is the checked
//! file, [`Pipeline`] the same with real components, [`Registry`] what a file can name.

pub mod components;
pub mod describe;
pub mod engine;
pub mod fault;
pub mod graph;
pub mod parameter;
pub mod prompt;
pub mod registry;
pub mod spec;
pub mod support;
#[cfg(test)]
mod tests;
mod yaml;

pub use engine::Pipeline;
pub use fault::{Fault, Faults};
pub use graph::Graph;
pub use parameter::{Parameter, ParameterDefault, ParameterType, Parameters};
pub use prompt::PromptTemplate;
pub use registry::{Bindings, Generators, Kind, Registry, Setup, Workers};
