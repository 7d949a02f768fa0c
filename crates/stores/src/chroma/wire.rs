//! Chroma's JSON: the bodies of its version 2 API that we send and read. Everything else of an answer is left alone.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A row's metadata.
pub(super) type Metadata = Map<String, Value>;

/// A collection as the server shows it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Collection {
    /// The id that calls on its rows name.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) metadata: Option<Metadata>,
    #[serde(default)]
    pub(super) configuration_json: Configuration,
}

/// How a collection searches.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Configuration {
    pub(super) hnsw: Option<Hnsw>,
}

/// The graph of its vectors (Malkov & Yashunin 2018, with their names for the parameters in the comments).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Hnsw {
    /// `cosine`, `l2` or `ip`.
    pub(super) space: String,
    /// efConstruction.
    pub(super) ef_construction: u32,
    /// ef.
    pub(super) ef_search: u32,
    /// M.
    pub(super) max_neighbors: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Create<'a> {
    pub(super) name: &'a str,
    /// Taken as it is when it is there, so that the request may be repeated.
    pub(super) get_or_create: bool,
    pub(super) metadata: Metadata,
    pub(super) configuration: Configuration,
}

/// Rows to add; an id that is there is left alone.
#[derive(Debug, Default, Serialize)]
pub(super) struct Add {
    pub(super) ids: Vec<String>,
    /// Little-endian f32 in Base64.
    pub(super) embeddings: Vec<String>,
    pub(super) documents: Vec<String>,
    pub(super) metadatas: Vec<Metadata>,
}

/// Which rows, and what of them. Ids that are not there are left out, and rows come in the order of their adding.
#[derive(Debug, Default, Serialize)]
pub(super) struct Get {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ids: Option<Vec<String>>,
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub(super) filter: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Option<usize>,
    pub(super) include: &'static [&'static str],
}

/// What was asked for in `include`, a value a row.
#[derive(Debug, Deserialize)]
pub(super) struct Got {
    pub(super) ids: Vec<String>,
    pub(super) documents: Option<Vec<Option<String>>>,
    pub(super) metadatas: Option<Vec<Option<Metadata>>>,
    pub(super) embeddings: Option<Vec<Option<Vec<f32>>>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Query<'a> {
    pub(super) query_embeddings: [&'a [f32]; 1],
    pub(super) n_results: usize,
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub(super) filter: Option<&'a Value>,
    pub(super) include: [&'static str; 1],
}

/// The nearest rows of each query, nearest first.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    pub(super) ids: Vec<Vec<String>>,
    pub(super) distances: Option<Vec<Vec<Option<f64>>>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Delete<'a> {
    pub(super) ids: &'a [String],
}

/// What of an answer that refuses is the reason.
#[derive(Debug, Deserialize)]
struct Refusal {
    message: String,
}

/// The reason in the body of a refusal; some have none, or no JSON.
pub(super) fn explain(body: &[u8]) -> Option<String> {
    let refusal: serde_json::Result<Refusal> = serde_json::from_slice(body);
    refusal.ok().map(|refusal| refusal.message).or_else(|| String::from_utf8(body.to_vec()).ok())
}
