//! Writes Documents into the collection's store.

use super::{bound, owned};
use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::registry::{Kind, Setup};
use async_trait::async_trait;
use pllm_core::{
    Component, DocumentStore, DuplicatePolicy, Result, RunContext, Socket, SocketType, Sockets, Value,
    Values, Visible, WriteReport,
};
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[Socket::new("documents", SocketType::Documents)],
    outputs: &[Socket::new("written", SocketType::Written)],
};

pub(super) fn kind() -> Kind {
    let choice = |name, words, default, doc| Parameter {
        name,
        kind: ParameterType::Choice(words),
        default: ParameterDefault::Word(default),
        doc,
    };
    Kind {
        name: "pllm.DocumentWriter",
        doc: "writes Documents into the store; they are durable when it is done",
        sockets: SOCKETS,
        parameters: vec![
            bound("store", "where to write"),
            choice(
                "policy",
                &["fail", "skip", "overwrite"],
                "fail",
                "what to do with an id that is there already",
            ),
            choice("visible", &["on_return", "on_flush"], "on_return", "when searches see them"),
        ],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    let policy = match setup.parameters.word("policy")? {
        "skip" => DuplicatePolicy::Skip,
        "overwrite" => DuplicatePolicy::Overwrite,
        _ => DuplicatePolicy::Fail,
    };
    let visible = match setup.parameters.word("visible")? {
        "on_flush" => Visible::OnFlush,
        _ => Visible::OnReturn,
    };
    Ok(Arc::new(DocumentWriter { store: setup.store()?, policy, visible }))
}

#[derive(Debug)]
struct DocumentWriter {
    store: Arc<dyn DocumentStore>,
    policy: DuplicatePolicy,
    visible: Visible,
}

#[async_trait]
impl Component for DocumentWriter {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let documents = inputs.documents("documents")?;
        drop(inputs);
        // Nothing to make durable, so nothing to wait for: a batch of parts may end no Document.
        let report = match owned(documents) {
            documents if documents.is_empty() => WriteReport::default(),
            documents => self.store.write(documents, self.policy, self.visible).await?,
        };
        Ok(Values::new().with("written", Value::Written(report)))
    }
}
