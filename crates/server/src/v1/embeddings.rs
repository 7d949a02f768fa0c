//! `/v1/embeddings`: vectors of texts, by the embedder of the collections.

use super::named;
use crate::extract::Json;
use crate::problem::Problem;
use crate::state::{Service, Shared};
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pllm_app::DEFAULT_EMBEDDER;
use pllm_app::embed::DIMENSION;
use pllm_core::Embedding;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// Most texts at once (OpenAI API reference, "Create embeddings").
const MOST_TEXTS: usize = 2048;
/// After this time nobody waits for vectors any more.
const DEADLINE: Duration = Duration::from_secs(60);

/// What to embed.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EmbeddingsBody {
    /// The embedder, or any collection.
    model: String,
    /// One text, or a list of at most 2048; each of at most 254 tokens.
    input: EmbeddingInput,
    /// How a vector is written.
    encoding_format: Option<VectorFormat>,
    /// As many as the embedder has.
    dimensions: Option<usize>,
}

/// One text or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "expected a text or a list of texts; numbers of tokens are of another vocabulary"
)]
pub(crate) enum EmbeddingInput {
    /// One.
    Text(String),
    /// Several.
    Texts(Vec<String>),
}

/// How a vector is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VectorFormat {
    /// As a list of numbers.
    #[default]
    Float,
    /// As the base64 of its f32, little-endian.
    Base64,
}

/// Vectors.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Embeddings {
    /// `list`.
    object: &'static str,
    /// In the order of the texts.
    data: Vec<EmbeddingItem>,
    /// The embedder.
    model: String,
    /// What was read.
    usage: EmbeddingsUsage,
}

/// One vector.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmbeddingItem {
    /// `embedding`.
    object: &'static str,
    /// The text's, from 0.
    index: usize,
    /// Of length 1.
    embedding: Vector,
}

/// A vector as it was asked for.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Vector {
    /// As numbers.
    Float(Vec<f32>),
    /// As base64.
    Base64(String),
}

/// What was read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmbeddingsUsage {
    /// Tokens of all texts.
    prompt_tokens: usize,
    /// The same.
    total_tokens: usize,
}

impl Vector {
    fn new(vector: &Embedding, format: VectorFormat) -> Self {
        match format {
            VectorFormat::Float => Self::Float(vector.values().to_vec()),
            VectorFormat::Base64 => {
                let bytes: Vec<u8> = vector.values().iter().flat_map(|value| value.to_le_bytes()).collect();
                Self::Base64(STANDARD.encode(bytes))
            }
        }
    }
}

/// Vectors of texts in OpenAI's language
#[utoipa::path(post, path = "/v1/embeddings", tag = "openai", request_body = EmbeddingsBody,
    responses((status = 200, body = Embeddings)))]
pub(crate) async fn embed(
    State(service): State<Shared>,
    Json(body): Json<EmbeddingsBody>,
) -> Result<axum::Json<Embeddings>, Problem> {
    known(&service, &body.model).await?;
    if let Some(wanted) = body.dimensions.filter(|wanted| *wanted != DIMENSION) {
        let detail = format!("dimensions is {wanted}, expected {DIMENSION} or none");
        return Err(Problem::of("invalid-input", detail).about("dimensions"));
    }
    let texts = match body.input {
        EmbeddingInput::Text(text) => vec![text],
        EmbeddingInput::Texts(texts) => texts,
    };
    if !(1..=MOST_TEXTS).contains(&texts.len()) {
        let detail = format!("there are {} texts, expected 1 to {MOST_TEXTS}", texts.len());
        return Err(Problem::of("invalid-input", detail).about("input"));
    }
    let _permit = service.limits.ask().await?;
    let embedded = tokio::time::timeout(DEADLINE, service.app.embed(texts)).await;
    let late = |_| Problem::of("timeout", "the vectors took too long").hint("send fewer texts at once");
    let embedded = embedded.map_err(late)??;
    let format = body.encoding_format.unwrap_or_default();
    let item = |(index, vector)| EmbeddingItem {
        object: "embedding",
        index,
        embedding: Vector::new(vector, format),
    };
    Ok(axum::Json(Embeddings {
        object: "list",
        data: embedded.vectors.iter().enumerate().map(item).collect(),
        model: embedded.model,
        usage: EmbeddingsUsage { prompt_tokens: embedded.tokens, total_tokens: embedded.tokens },
    }))
}

/// Every collection has the same embedder, so each of their names stands for it.
async fn known(service: &Service, model: &str) -> Result<(), Problem> {
    if model == DEFAULT_EMBEDDER {
        return Ok(());
    }
    let collections = service.app.collections().await?;
    match collections.iter().any(|record| record.name == model) {
        true => Ok(()),
        false => {
            Err(named::unknown(model, &collections).hint(format!("the embedder is {DEFAULT_EMBEDDER:?}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_its_bytes() {
        let vector = Embedding::new(vec![1.0_f32, -2.5]).expect("finite");
        assert_eq!(Vector::new(&vector, VectorFormat::Float), Vector::Float(vec![1.0, -2.5]));
        let base64 = Vector::new(&vector, VectorFormat::Base64);
        assert_eq!(base64, Vector::Base64("AACAPwAAIMA=".to_owned()));
    }
}
