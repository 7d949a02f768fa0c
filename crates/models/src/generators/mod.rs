//! Language models that write: in a child on this computer.

pub mod local;
mod stopped;
