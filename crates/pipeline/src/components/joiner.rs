//! Puts the lists of keyword and dense search together, in the order in which they answer the question.

mod fusion;
mod languages;

use super::{count_or, documents, owned, top_k};
use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::registry::{Kind, Setup};
use async_trait::async_trait;
use fusion::{Mode, fuse};
use languages::Known;
use pllm_core::{
    Component, Document, DocumentId, Error, Result, RunContext, Socket, SocketType, Sockets, Values,
};
use std::collections::HashMap;
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[
        Socket::new("query", SocketType::Text),
        Socket::optional("keyword", SocketType::Documents),
        Socket::optional("dense", SocketType::Documents),
        Socket::optional("top_k", SocketType::Count),
        Socket::optional("dense_weight", SocketType::Number),
    ],
    outputs: &[Socket::new("documents", SocketType::Documents)],
};

pub(super) fn kind() -> Kind {
    let weight = Parameter {
        name: "dense_weight",
        kind: ParameterType::Number(0.0..=1.0),
        default: ParameterDefault::Number(0.4),
        doc: "share of the dense score; 0 where the embedder does not know the question's language",
    };
    let mode = Parameter {
        name: "mode",
        kind: ParameterType::Choice(&["weighted", "rrf"]),
        default: ParameterDefault::Word("weighted"),
        doc: "weighted scores, or reciprocal ranks",
    };
    Kind {
        name: "pllm.Joiner",
        doc: "puts keyword and dense results together, best first",
        sockets: SOCKETS,
        parameters: vec![weight, mode, top_k(20, "most Documents to give")],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(Joiner {
        known: Known::new(&setup.bindings.embedder.info().languages, setup.bindings.main_language),
        dense_weight: setup.parameters.number("dense_weight")?,
        mode: if setup.parameters.word("mode")? == "rrf" { Mode::ReciprocalRank } else { Mode::Weighted },
        top_k: setup.parameters.count("top_k")?,
    }))
}

#[derive(Debug)]
struct Joiner {
    known: Known,
    dense_weight: f64,
    mode: Mode,
    top_k: usize,
}

impl Joiner {
    /// The share of the dense list for this question.
    fn weight(&self, inputs: &Values) -> Result<f64> {
        let asked = inputs.get("dense_weight").map(|_| inputs.number("dense_weight")).transpose()?;
        let weight = asked.unwrap_or(self.dense_weight);
        if !(0.0..=1.0).contains(&weight) {
            let message = format!("dense_weight is {weight}, expected a number from 0 to 1");
            return Err(Error::invalid("pipeline.join", message));
        }
        Ok(if self.known.covers(&inputs.text("query")?) { weight } else { 0.0 })
    }
}

#[async_trait]
impl Component for Joiner {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    /// With one list alone, that list is the result and no weight counts. Scores are from 0 to 1.
    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let list = |socket| inputs.get(socket).map(|_| inputs.documents(socket)).transpose();
        let (keyword, dense) = (list("keyword")?, list("dense")?);
        let weight = match (&keyword, &dense) {
            (Some(_), Some(_)) => self.weight(&inputs)?,
            (Some(_), None) => 0.0,
            (None, Some(_)) => 1.0,
            (None, None) => {
                return Err(Error::invalid("pipeline.join", "neither keyword nor dense documents to join"));
            }
        };
        let top_k = count_or(&inputs, "top_k", self.top_k)?;
        drop(inputs);
        let lists = [keyword, dense].map(|list| list.map(owned).unwrap_or_default());
        let mut order = fuse(self.mode, weight, &lists[0], &lists[1]);
        order.truncate(top_k);
        Ok(documents(pick(lists, order)))
    }
}

/// The Documents of `order`, out of the lists, with their new scores.
fn pick(lists: [Vec<Document>; 2], order: Vec<(DocumentId, f64)>) -> Vec<Document> {
    // An id may be in both lists, with equal content; the first one is as good as the other.
    let mut by_id: HashMap<DocumentId, Document> = HashMap::new();
    for document in lists.into_iter().flatten() {
        by_id.entry(document.id.clone()).or_insert(document);
    }
    let scored = order.into_iter().filter_map(|(id, score)| {
        by_id.remove(&id).map(|document| Document { score: Some(score), ..document })
    });
    scored.collect()
}
