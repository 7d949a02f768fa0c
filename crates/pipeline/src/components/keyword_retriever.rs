//! Finds Documents that share words with the question.

use super::{bound, count_or, documents, filter, top_k};
use crate::registry::{Kind, Setup};
use async_trait::async_trait;
use pllm_core::{
    Component, DocumentSource, Result, RunContext, SearchQuery, Socket, SocketType, Sockets, Values,
};
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[
        Socket::new("query", SocketType::Text),
        Socket::optional("filter", SocketType::Filter),
        Socket::optional("top_k", SocketType::Count),
    ],
    outputs: &[Socket::new("documents", SocketType::Documents)],
};

pub(super) fn kind() -> Kind {
    Kind {
        name: "pllm.KeywordRetriever",
        doc: "finds Documents that share words with the question, by BM25",
        sockets: SOCKETS,
        parameters: vec![bound("store", "where to search"), top_k(100, "most Documents to find")],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    let source = Arc::clone(&setup.bindings.source);
    Ok(Arc::new(KeywordRetriever { source, top_k: setup.parameters.count("top_k")? }))
}

#[derive(Debug)]
struct KeywordRetriever {
    source: Arc<dyn DocumentSource>,
    top_k: usize,
}

#[async_trait]
impl Component for KeywordRetriever {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let text = inputs.text("query")?;
        let top_k = count_or(&inputs, "top_k", self.top_k)?;
        let query = SearchQuery::Keyword { text, top_k, filter: filter(&inputs)? };
        self.source.search(&query).await.map(documents)
    }
}
