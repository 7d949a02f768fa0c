//! Which sentence of the retrieved Documents answers a question, and does any?
//!
//! The *sentence reader* needs no training of its own. Its steps, each a file:
//!
//! 1. [`question`]: the question's terms, stemmed as the Documents are, and the sort of answer it wants ([`answer_kind`]);
//! 2. [`candidate`]: the Documents in sentences, and which terms each has in and around it;
//! 3. [`evidence`]: that in numbers; by these and the rank of the Document the best [`MOST_SENTENCES`] are chosen;
//! 4. [`vectors`]: the cosine of question and sentence, where the embedder knows the language;
//! 5. [`weights`]: one score of it all, the confidence, and the score of "the Documents do not say".

mod answer_kind;
mod candidate;
mod evidence;
mod question;
mod vectors;
mod weights;

use std::cmp::Ordering;
use std::sync::Arc;

use pllm_core::{Document, Embedder, Reader, ReaderSpan, Reading, Result};
use pllm_text::ByteRange;

use candidate::{Candidate, candidates};
use evidence::{TermWeights, evidence};
use question::Question;
use vectors::{cosines, declared, embedded_text, understood};
use weights::{Judgement, judge, score};

pub use evidence::{EVIDENCE_KINDS, LexicalEvidence};

/// Sentences of a question that get a vector.
const MOST_SENTENCES: usize = 32;

/// Finds the sentences that answer, by the words and vectors of question and sentence.
#[derive(Debug)]
pub struct SentenceReader {
    embedder: Arc<dyn Embedder>,
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
    /// Of the vectors of question and sentence, -1 to 1; `None` where the embedder does not know the language.
    pub cosine: Option<f64>,
    /// All of it, weighed.
    pub score: f64,
}

impl SentenceReader {
    /// A reader on the vectors of `embedder`, which must not compute on the thread that calls [`Reader::read`].
    pub fn new(embedder: impl Embedder + 'static) -> Self {
        Self { embedder: Arc::new(embedder), most_sentences: MOST_SENTENCES }
    }

    /// The same with another number of sentences that get a vector; to measure what the limit costs.
    #[must_use]
    pub fn with_most_sentences(self, most_sentences: usize) -> Self {
        Self { most_sentences, ..self }
    }

    /// The sentences that [`Reader::read`] considers, best first, with what speaks for each: what its weights are fitted on.
    ///
    /// # Errors
    /// Those of the embedder.
    pub fn evidence(&self, question: &str, documents: &[Document]) -> Result<Vec<SentenceEvidence>> {
        let analysed = Question::of(question, documents);
        let candidates = candidates(&analysed, documents);
        let mut chosen = lexical_evidence(&analysed, &candidates);
        chosen.truncate(self.most_sentences);
        self.add_cosines(question, documents, &candidates, &mut chosen)?;
        let mut found: Vec<SentenceEvidence> = chosen.into_iter().map(|(_, evidence)| evidence).collect();
        found.iter_mut().for_each(|found| found.score = score(&found.lexical, found.cosine));
        found.sort_by(best_first);
        Ok(found)
    }

    fn add_cosines(
        &self,
        question: &str,
        documents: &[Document],
        candidates: &[Candidate],
        chosen: &mut [(usize, SentenceEvidence)],
    ) -> Result<()> {
        let languages = self.embedder.info().languages;
        if !understood(question, &languages) {
            return Ok(());
        }
        let known = |found: &SentenceEvidence| declared(&documents[found.document], &languages);
        let mut chosen: Vec<_> = chosen.iter_mut().filter(|(_, found)| known(found)).collect();
        let text = |(candidate, found): &&mut (usize, SentenceEvidence)| {
            embedded_text(&documents[found.document], &candidates[*candidate])
        };
        let texts = chosen.iter().map(text).collect();
        let cosines = cosines(&*self.embedder, question, texts)?;
        chosen.iter_mut().zip(cosines).for_each(|((_, found), cosine)| found.cosine = Some(cosine));
        Ok(())
    }
}

impl Reader for SentenceReader {
    fn read(&self, question: &str, documents: &[Document], top_k: usize) -> Result<Reading> {
        let found = self.evidence(question, documents)?;
        let Judgement { no_answer, confidence } = judge(&found);
        let span = |found: &SentenceEvidence| ReaderSpan {
            document_id: documents[found.document].id.clone(),
            range: found.range,
            score: found.score,
        };
        Ok(Reading { spans: found.iter().take(top_k).map(span).collect(), no_answer, confidence })
    }
}

/// The candidates by their index, best first as far as words and places tell.
fn lexical_evidence(question: &Question, candidates: &[Candidate]) -> Vec<(usize, SentenceEvidence)> {
    let weights = TermWeights::of(question, candidates);
    let weigh = |candidate: &Candidate| {
        let lexical = evidence(candidate, &weights);
        let (document, range) = (candidate.document, candidate.range);
        SentenceEvidence { document, range, lexical, cosine: None, score: score(&lexical, None) }
    };
    let mut found: Vec<_> = candidates.iter().map(weigh).enumerate().collect();
    found.sort_by(|(_, a), (_, b)| best_first(a, b));
    found
}

/// Equal scores in the order of the text.
fn best_first(a: &SentenceEvidence, b: &SentenceEvidence) -> Ordering {
    b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)).then(a.range.cmp(&b.range))
}

#[cfg(test)]
mod tests;
