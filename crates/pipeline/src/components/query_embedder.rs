//! Turns the question into a vector.

use super::bound;
use crate::registry::{Kind, Setup};
use async_trait::async_trait;
use pllm_core::{
    Component, EmbedRole, Embedder, Error, ErrorKind, Result, RunContext, Socket, SocketType, Sockets, Value,
    Values,
};
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[Socket::new("text", SocketType::Text)],
    outputs: &[Socket::new("embedding", SocketType::Embedding)],
};

pub(super) fn kind() -> Kind {
    Kind {
        name: "pllm.QueryEmbedder",
        doc: "turns the question into a vector",
        sockets: SOCKETS,
        parameters: vec![bound("embedder", "whose model")],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(QueryEmbedder(Arc::clone(&setup.bindings.embedder))))
}

#[derive(Debug)]
struct QueryEmbedder(Arc<dyn Embedder>);

#[async_trait]
impl Component for QueryEmbedder {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let text = inputs.text("text")?.to_string();
        let vectors = self.0.embed(EmbedRole::Query, vec![text]).await?;
        let vector = vectors.into_iter().next().ok_or_else(|| {
            Error::new(ErrorKind::Internal, "pipeline.embed", "the embedder gave no vector for one text")
        })?;
        Ok(Values::new().with("embedding", Value::Embedding(vector)))
    }
}
