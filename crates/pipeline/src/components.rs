//! The product's own components, one file each with its sockets beside its run.

mod answer_builder;
mod document_embedder;
mod document_writer;
mod embedding_retriever;
mod generator;
mod joiner;
mod keyword_retriever;
mod prompt_builder;
mod query_embedder;
mod reader;
mod splitter;
mod texts;

use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::registry::Kind;
use pllm_core::{Document, Filter, Result, Value, Values};
use std::sync::Arc;

/// All of them.
pub(crate) fn kinds() -> [Kind; 11] {
    [
        answer_builder::kind(),
        document_embedder::kind(),
        document_writer::kind(),
        embedding_retriever::kind(),
        generator::kind(),
        joiner::kind(),
        keyword_retriever::kind(),
        prompt_builder::kind(),
        query_embedder::kind(),
        reader::kind(),
        splitter::kind(),
    ]
}

/// Most results that anything gives or takes.
const MOST: usize = 10_000;

/// A parameter that a file states so that its reader sees where a component works; there is only one choice.
fn bound(name: &'static str, doc: &'static str) -> Parameter {
    let kind = ParameterType::Choice(&["collection"]);
    Parameter { name, kind, default: ParameterDefault::Word("collection"), doc }
}

fn top_k(default: usize, doc: &'static str) -> Parameter {
    let kind = ParameterType::Count(1..=MOST);
    Parameter { name: "top_k", kind, default: ParameterDefault::Count(default), doc }
}

/// The count at a socket, else the file's.
fn count_or(inputs: &Values, socket: &str, otherwise: usize) -> Result<usize> {
    if inputs.get(socket).is_some() { inputs.count(socket) } else { Ok(otherwise) }
}

fn filter(inputs: &Values) -> Result<Option<Arc<Filter>>> {
    if inputs.get("filter").is_some() { inputs.filter("filter").map(Some) } else { Ok(None) }
}

/// The Documents at a socket, owned: copied only where somebody else still needs them.
fn owned(documents: Arc<Vec<Document>>) -> Vec<Document> {
    Arc::unwrap_or_clone(documents)
}

fn documents(documents: Vec<Document>) -> Values {
    Values::new().with("documents", Value::Documents(Arc::new(documents)))
}
