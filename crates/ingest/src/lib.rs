//! Bytes to canonical text to Documents: detect, convert, split. Plain functions: nothing here waits, spawns or opens a file.

mod convert;
mod converters;
mod dataset;
mod decode;
mod detect;
mod encrypted;
mod formats;
mod lines;
mod outline;
mod package;
mod parts;
mod rows;
mod splitter;
mod warnings;

pub use convert::convert;
pub use decode::{Decoded, decode};
pub use detect::detect;
pub use formats::{Format, FormatKind, formats};
pub use splitter::{DocumentSplitter, SplitOptions};
