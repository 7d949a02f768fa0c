//! Gives Documents the vectors of their indexed text, a batch at a time.

use super::{bound, documents, owned};
use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::registry::{Kind, Setup};
use async_trait::async_trait;
use pllm_core::{
    Component, Document, EmbedRole, Embedder, Error, ErrorKind, Event, Result, RunContext, Socket,
    SocketType, Sockets, Values,
};
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[Socket::new("documents", SocketType::Documents)],
    outputs: &[Socket::new("documents", SocketType::Documents)],
};

pub(super) fn kind() -> Kind {
    let batch = Parameter {
        name: "batch",
        kind: ParameterType::Count(1..=4096),
        default: ParameterDefault::Count(64),
        doc: "Documents between two looks at cancel and deadline",
    };
    Kind {
        name: "pllm.DocumentEmbedder",
        doc: "gives Documents the vectors of title, headings and content",
        sockets: SOCKETS,
        parameters: vec![bound("embedder", "whose model"), batch],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(DocumentEmbedder {
        name: setup.name.into(),
        embedder: Arc::clone(&setup.bindings.embedder),
        batch: setup.parameters.count("batch")?,
    }))
}

#[derive(Debug)]
struct DocumentEmbedder {
    name: Arc<str>,
    embedder: Arc<dyn Embedder>,
    batch: usize,
}

impl DocumentEmbedder {
    async fn embed(&self, batch: &mut [Document]) -> Result<()> {
        let texts: Vec<String> = batch.iter().map(Document::indexed_text).collect();
        let vectors = self.embedder.embed(EmbedRole::Document, texts).await?;
        if vectors.len() != batch.len() {
            let message = format!("the embedder gave {} vectors for {} texts", vectors.len(), batch.len());
            return Err(Error::new(ErrorKind::Internal, "pipeline.embed", message));
        }
        for (document, vector) in batch.iter_mut().zip(vectors) {
            document.embedding = Some(vector);
        }
        Ok(())
    }
}

#[async_trait]
impl Component for DocumentEmbedder {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, context: &RunContext) -> Result<Values> {
        let given = inputs.documents("documents")?;
        drop(inputs);
        let mut given = owned(given);
        let (mut done, total) = (0, given.len() as u64);
        for batch in given.chunks_mut(self.batch) {
            context.check()?;
            self.embed(batch).await?;
            done += batch.len() as u64;
            let component = Arc::clone(&self.name);
            context.emit(Event::Progress { component, done, total: Some(total) });
        }
        Ok(documents(given))
    }
}
