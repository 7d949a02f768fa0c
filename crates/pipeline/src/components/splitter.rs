//! Cuts the text of a source into Documents: a run with parts goes on with the source, a run without parts ends it.

use super::bound;
use crate::registry::{Kind, Setup, Workers};
use async_trait::async_trait;
use pllm_core::{
    Component, Result, RunContext, Socket, SocketType, Sockets, Splitter as CollectionSplitter,
    SplitterSession, Value, Values,
};
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[Socket::new("source", SocketType::Source), Socket::optional("parts", SocketType::Parts)],
    outputs: &[Socket::new("documents", SocketType::Documents)],
};

pub(super) fn kind() -> Kind {
    Kind {
        name: "pllm.Splitter",
        doc: "cuts a source's text into Documents; a run without parts ends the source",
        sockets: SOCKETS,
        parameters: vec![bound("splitter", "whose rules")],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(Splitter {
        name: setup.name.to_owned(),
        splitter: setup.splitter()?,
        workers: Arc::clone(&setup.bindings.workers),
    }))
}

#[derive(Debug)]
struct Splitter {
    name: String,
    splitter: Arc<dyn CollectionSplitter>,
    workers: Arc<dyn Workers>,
}

#[async_trait]
impl Component for Splitter {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    /// The session lives in the context from a source's first run to its last, so one context must see them all.
    async fn run(&self, inputs: Values, context: &RunContext) -> Result<Values> {
        let source = inputs.source("source")?;
        let parts = if inputs.get("parts").is_some() { Some(inputs.parts("parts")?) } else { None };
        let key = format!("{}/{}/{}", self.name, source.source, source.revision);
        let (splitter, context) = (Arc::clone(&self.splitter), context.clone());
        let work = move || {
            let left: Option<Box<dyn SplitterSession>> = context.take_state(&key);
            let mut session = left.unwrap_or_else(|| splitter.start(source));
            let Some(parts) = parts else {
                return session.finish().map(|documents| Value::Documents(Arc::new(documents)));
            };
            let mut documents = Vec::new();
            for part in parts.iter() {
                documents.extend(session.push(part)?);
            }
            context.put_state(&key, session);
            Ok(Value::Documents(Arc::new(documents)))
        };
        let documents = self.workers.run(Box::new(work)).await?;
        Ok(Values::new().with("documents", documents))
    }
}
