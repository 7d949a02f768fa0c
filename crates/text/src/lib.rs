//! Pure text: ranges and their conversion, sentences, words, stems, language and script. No IO, no threads.

pub mod language;
pub mod range;

pub use language::Language;
pub use range::{ByteRange, CharRange};
