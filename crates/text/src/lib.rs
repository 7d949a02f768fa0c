//! Pure text: ranges and their conversion, sentences, words, stems, language and script. No IO, no threads.

pub mod analysis;
pub mod function_words;
pub mod language;
pub mod range;
pub mod sentences;
pub mod stems;
pub mod words;

pub use analysis::{ANALYSIS_VERSION, Analyzer, KnownWords, QueryTerm, TermCounts};
pub use function_words::is_function_word;
pub use language::{Detection, Language, Script, detect, main_script, scripts_of};
pub use range::{ByteRange, CharRange};
pub use sentences::{is_east_asian, sentences};
pub use stems::stem;
pub use words::{Word, fold, without_accents, words};
