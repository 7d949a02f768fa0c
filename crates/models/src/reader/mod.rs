//! Which sentence of the retrieved Documents answers a question, and does any?
//!
//! The *sentence reader* uses the embedder's model and two dozen fitted numbers. Its steps, each a file:
//!
//! 1. [`question`]: the question's terms, stemmed as the Documents are, and the sort of answer it wants ([`answer_kind`]);
//! 2. [`candidate`]: the Documents in sentences, and which terms each has in it and before it;
//! 3. [`mod@evidence`]: that in numbers; by these and the score of its Document the best [`MOST_SENTENCES`] are chosen;
//! 4. [`vectors`]: how close the tokens of question and sentence are, where the model knows the language;
//! 5. [`weights`]: one score of it all, the confidence, and the score of "the Documents do not say".

mod answer_kind;
mod candidate;
mod evidence;
mod question;
mod vectors;
mod weights;

use std::cmp::Ordering;
use std::sync::Arc;

use pllm_core::{Document, Reader, ReaderSpan, Reading, Result};
use pllm_text::ByteRange;

use candidate::{Candidate, candidates};
use evidence::{TermWeights, evidence};
use question::Question;
use vectors::{closeness, is_declared, understands};
use weights::{Judgement, judge, score};

pub use evidence::{EVIDENCE_KINDS, LexicalEvidence};
pub use vectors::{CLOSENESS_KINDS, Closeness, TokenEmbedder};

/// Sentences of a question that get a vector.
const MOST_SENTENCES: usize = 32;

/// Finds the sentences that answer, by the words and vectors of question and sentence.
#[derive(Debug)]
pub struct SentenceReader {
    model: Arc<dyn TokenEmbedder>,
    most_sentences: usize,
}

/// A sentence with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct SentenceEvidence {
    /// Index of its Document.
    pub document: usize,
    /// Bytes of the Document's content.
    pub range: ByteRange,
    /// What its words and its place say.
    pub lexical: LexicalEvidence,
    /// What the vectors say; `None` where the model does not know the language.
    pub closeness: Option<Closeness>,
    /// Share of all terms of the question that stand in it.
    pub terms: f64,
    /// All of it, weighed.
    pub score: f64,
}

impl SentenceReader {
    /// A reader on the vectors of `model`, which must not compute on the thread that calls [`Reader::read`].
    pub fn new(model: impl TokenEmbedder + 'static) -> Self {
        Self { model: Arc::new(model), most_sentences: MOST_SENTENCES }
    }

    /// The same with another number of sentences that get a vector; to measure what the limit costs.
    #[must_use]
    pub fn with_most_sentences(self, most_sentences: usize) -> Self {
        Self { most_sentences, ..self }
    }

    /// The sentences that [`Reader::read`] considers, best first, with what speaks for each: what its weights are fitted on.
    ///
    /// # Errors
    /// Those of the model.
    pub fn evidence(&self, question: &str, documents: &[Document]) -> Result<Vec<SentenceEvidence>> {
        let mut found = by_words(&Question::of(question, documents), documents);
        found.truncate(self.most_sentences);
        self.add_closeness(question, documents, &mut found)?;
        found.sort_by(best_first);
        Ok(found)
    }

    /// Scores again what the model knows the language of.
    fn add_closeness(
        &self,
        question: &str,
        documents: &[Document],
        found: &mut [SentenceEvidence],
    ) -> Result<()> {
        let languages = self.model.languages();
        if !understands(question, &languages) {
            return Ok(());
        }
        let is_known = |found: &&mut SentenceEvidence| is_declared(&documents[found.document], &languages);
        let mut known: Vec<_> = found.iter_mut().filter(is_known).collect();
        let text = |found: &SentenceEvidence| found.range.slice(&documents[found.document].content);
        let sentences: Vec<&str> = known.iter().map(|found| text(found).unwrap_or_default()).collect();
        let closeness = closeness(&*self.model, question, &sentences)?;
        for (found, closeness) in known.iter_mut().zip(closeness) {
            found.closeness = Some(closeness);
            found.score = score(&found.lexical, found.closeness);
        }
        Ok(())
    }
}

impl Reader for SentenceReader {
    fn read(&self, question: &str, documents: &[Document], top_k: usize) -> Result<Reading> {
        let found = self.evidence(question, documents)?;
        let Judgement { no_answer, confidence } = judge(found.first());
        let span = |found: &SentenceEvidence| ReaderSpan {
            document_id: documents[found.document].id.clone(),
            range: found.range,
            score: found.score,
        };
        Ok(Reading { spans: found.iter().take(top_k).map(span).collect(), no_answer, confidence })
    }
}

/// The candidates, best first as far as words and places tell.
fn by_words(question: &Question, documents: &[Document]) -> Vec<SentenceEvidence> {
    let candidates = candidates(question, documents);
    let weights = TermWeights::of(question, &candidates);
    let places = places(documents);
    let weigh = |candidate: &Candidate| {
        let lexical = evidence(candidate, &weights, places[candidate.document]);
        SentenceEvidence {
            document: candidate.document,
            range: candidate.range,
            lexical,
            closeness: None,
            terms: weights.share_of_all(candidate.own),
            score: score(&lexical, None),
        }
    };
    let mut found: Vec<_> = candidates.iter().map(weigh).collect();
    found.sort_by(best_first);
    found
}

/// The score of each Document as a share of the best one's.
fn places(documents: &[Document]) -> Vec<f64> {
    let best = documents.iter().filter_map(|document| document.score).fold(0.0, f64::max);
    let place = |score: f64| if best > 0.0 { (score / best).clamp(0.0, 1.0) } else { 1.0 };
    documents.iter().map(|document| document.score.map_or(1.0, place)).collect()
}

/// Equal scores in the order of the text.
fn best_first(a: &SentenceEvidence, b: &SentenceEvidence) -> Ordering {
    b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)).then(a.range.cmp(&b.range))
}

#[cfg(test)]
mod tests;
