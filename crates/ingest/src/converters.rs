//! One file a format.

mod csv;
mod docx;
mod html;
mod json;
mod jsonl;
mod md;
mod pdf;
mod txt;

pub(crate) use csv::Csv;
pub(crate) use docx::Docx;
pub(crate) use html::Html;
pub(crate) use json::Json;
pub(crate) use jsonl::Jsonl;
pub(crate) use md::Md;
pub(crate) use pdf::Pdf;
pub(crate) use txt::Txt;
