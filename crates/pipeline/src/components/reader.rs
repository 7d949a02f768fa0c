//! Lets the collection's reader find the ranges that answer the question.

use super::{bound, top_k};
use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::registry::{Kind, Setup, Workers};
use async_trait::async_trait;
use pllm_core::{Component, Result, RunContext, Socket, SocketType, Sockets, Value, Values};
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[Socket::new("query", SocketType::Text), Socket::new("documents", SocketType::Documents)],
    // With the Documents that the reading is about, so that whoever enters the graph here need not give them twice.
    outputs: &[Socket::new("reading", SocketType::Reading), Socket::new("documents", SocketType::Documents)],
};

pub(super) fn kind() -> Kind {
    let most_documents = Parameter {
        name: "documents",
        kind: ParameterType::Count(1..=1000),
        default: ParameterDefault::Count(10),
        doc: "most Documents to read; the first ones are read",
    };
    Kind {
        name: "pllm.Reader",
        doc: "finds in the Documents the ranges that answer the question",
        sockets: SOCKETS,
        parameters: vec![bound("reader", "whose model"), most_documents, top_k(10, "most ranges to find")],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(Reader {
        reader: Arc::clone(&setup.bindings.reader),
        workers: Arc::clone(&setup.bindings.workers),
        most_documents: setup.parameters.count("documents")?,
        top_k: setup.parameters.count("top_k")?,
    }))
}

#[derive(Debug)]
struct Reader {
    reader: Arc<dyn pllm_core::Reader>,
    workers: Arc<dyn Workers>,
    most_documents: usize,
    top_k: usize,
}

#[async_trait]
impl Component for Reader {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let (query, documents) = (inputs.text("query")?, inputs.documents("documents")?);
        let (reader, top_k) = (Arc::clone(&self.reader), self.top_k);
        let (read, most) = (Arc::clone(&documents), documents.len().min(self.most_documents));
        let work = move || {
            reader.read(&query, &read[..most], top_k).map(|reading| Value::Reading(Arc::new(reading)))
        };
        let reading = self.workers.run(Box::new(work)).await?;
        Ok(Values::new().with("reading", reading).with("documents", Value::Documents(documents)))
    }
}
