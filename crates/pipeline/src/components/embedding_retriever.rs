//! Finds Documents whose vector is near the question's, among those whose language the embedder knows.

use super::{bound, count_or, documents, filter, top_k};
use crate::registry::{Kind, Setup};
use async_trait::async_trait;
use pllm_core::{
    Comparison, Component, DocumentSource, Filter, MetaValue, Result, RunContext, SearchQuery, Socket,
    SocketType, Sockets, Values,
};
use pllm_text::Language;
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[
        Socket::new("query_embedding", SocketType::Embedding),
        Socket::optional("filter", SocketType::Filter),
        Socket::optional("top_k", SocketType::Count),
    ],
    outputs: &[Socket::new("documents", SocketType::Documents)],
};

pub(super) fn kind() -> Kind {
    Kind {
        name: "pllm.EmbeddingRetriever",
        doc: "finds Documents near the question's vector, in languages that the embedder knows",
        sockets: SOCKETS,
        parameters: vec![bound("store", "where to search"), top_k(100, "most Documents to find")],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(EmbeddingRetriever {
        source: Arc::clone(&setup.bindings.source),
        known: known(&setup.bindings.embedder.info().languages).map(Arc::new),
        top_k: setup.parameters.count("top_k")?,
    }))
}

#[derive(Debug)]
struct EmbeddingRetriever {
    source: Arc<dyn DocumentSource>,
    /// Which Documents have a vector that is to be trusted; none = all.
    known: Option<Arc<Filter>>,
    top_k: usize,
}

/// Documents whose language is not set, or is one of `languages`; no condition for an embedder that declares none.
fn known(languages: &[Language]) -> Option<Filter> {
    let field = "document.language";
    let codes = languages.iter().map(|language| language.code().into()).collect();
    (!languages.is_empty()).then(|| {
        Filter::Or(vec![
            Filter::compare(field, Comparison::Equal, MetaValue::Null),
            Filter::compare(field, Comparison::In, MetaValue::List(codes)),
        ])
    })
}

/// Both conditions.
fn both(asked: Option<Arc<Filter>>, known: Option<Arc<Filter>>) -> Option<Arc<Filter>> {
    match (asked, known) {
        (Some(asked), Some(known)) => {
            Some(Arc::new(Filter::And(vec![Arc::unwrap_or_clone(asked), Arc::unwrap_or_clone(known)])))
        }
        (asked, known) => asked.or(known),
    }
}

#[async_trait]
impl Component for EmbeddingRetriever {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let embedding = inputs.embedding("query_embedding")?;
        let top_k = count_or(&inputs, "top_k", self.top_k)?;
        let filter = both(filter(&inputs)?, self.known.clone());
        let query = SearchQuery::Embedding { embedding, top_k, filter };
        self.source.search(&query).await.map(documents)
    }
}
