//! Makes the answer out of what the reader found: its best range, and citations that are slices of the sources' text.

use super::texts::Texts;
use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::registry::{Kind, Setup};
use async_trait::async_trait;
use pllm_core::{
    Answer, Citation, Component, Document, Reading, Result, RunContext, Socket, SocketType, Sockets,
    TextSource, Value, Values,
};
use pllm_text::ByteRange;
use std::collections::HashMap;
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[Socket::new("documents", SocketType::Documents), Socket::new("reading", SocketType::Reading)],
    outputs: &[Socket::new("answer", SocketType::Answer)],
};

pub(super) fn kind() -> Kind {
    let most = Parameter {
        name: "max_citations",
        kind: ParameterType::Count(1..=100),
        default: ParameterDefault::Count(3),
        doc: "most citations of an answer",
    };
    Kind {
        name: "pllm.AnswerBuilder",
        doc: "makes an answer and its citations out of the reader's ranges",
        sockets: SOCKETS,
        parameters: vec![most],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    let texts = Arc::clone(&setup.bindings.texts);
    Ok(Arc::new(AnswerBuilder { texts, max_citations: setup.parameters.count("max_citations")? }))
}

#[derive(Debug)]
struct AnswerBuilder {
    texts: Arc<dyn TextSource>,
    max_citations: usize,
}

#[async_trait]
impl Component for AnswerBuilder {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let (documents, reading) = (inputs.documents("documents")?, inputs.reading("reading")?);
        let mut texts = Texts::new(&*self.texts);
        let mut citations: Vec<Citation> = Vec::new();
        let mut best = None;
        for (document, range, score) in candidates(&documents, &reading) {
            if citations.len() == self.max_citations {
                break;
            }
            let Some(citation) = texts.cite(document, range).await? else { continue };
            // Chunks overlap, so two of them may hold the same sentence.
            if !citations.iter().any(|earlier| overlap(earlier, &citation)) {
                best = best.or(Some(score));
                citations.push(citation);
            }
        }
        let answer = answer(&reading, best.flatten(), citations);
        Ok(Values::new().with("answer", Value::Answer(Arc::new(answer))))
    }
}

/// What may be cited, best first, with its score: the reader's ranges, or whole Documents where it found none.
fn candidates<'a>(
    documents: &'a [Document],
    reading: &Reading,
) -> Vec<(&'a Document, ByteRange, Option<f64>)> {
    if reading.spans.is_empty() {
        let whole = |document: &'a Document| {
            let range = ByteRange::new(0, document.content.len()).trimmed(&document.content)?;
            (!range.is_empty()).then_some((document, range, None))
        };
        return documents.iter().filter_map(whole).collect();
    }
    let by_id: HashMap<_, _> = documents.iter().map(|document| (&document.id, document)).collect();
    let spans = reading.spans.iter();
    spans.filter_map(|span| Some((*by_id.get(&span.document_id)?, span.range, Some(span.score)))).collect()
}

/// The score of an answer that rests on nothing.
const NOTHING: f64 = -1.0;

/// `best` is the score of the first range that could be cited; its text may be gone, and then the next one is the best.
fn answer(reading: &Reading, best: Option<f64>, citations: Vec<Citation>) -> Answer {
    let score = best.map_or(NOTHING, |best| best - reading.no_answer);
    match citations.first() {
        Some(first) if score >= 0.0 => Answer {
            text: first.quote().trim().to_owned(),
            citations,
            confidence: reading.confidence,
            score,
            abstained: false,
        },
        _ => {
            Answer { text: String::new(), citations, confidence: reading.confidence, score, abstained: true }
        }
    }
}

fn overlap(a: &Citation, b: &Citation) -> bool {
    a.source() == b.source() && a.revision() == b.revision() && a.range().overlaps(b.range())
}
