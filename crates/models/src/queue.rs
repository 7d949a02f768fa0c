//! The queue of a loaded model: texts go in, pieces of a size that a processor does well go through, questions before documents.

use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use pllm_core::{EmbedRole, Result};
use pllm_runtime::CpuPool;

/// Tokens that are computed in one piece of work: enough to be efficient, few enough (some 50 ms on one core) that a
/// question does not wait long for its turn.
pub(crate) const TOKENS_PER_JOB: usize = 384;
/// Texts that are tokenized in one piece of work.
const TEXTS_PER_JOB: usize = 32;

/// What a model does with texts, in two steps. Both are plain functions.
pub(crate) trait Steps: Send + Sync + 'static {
    /// What comes of a text.
    type Output: Send + 'static;

    /// The tokens of a text.
    fn tokenize(&self, text: &str) -> Result<Vec<u32>>;

    /// What comes of texts that are computed together; as many as there are texts, in order.
    fn compute(&self, texts: &[Vec<u32>]) -> Result<Vec<Self::Output>>;
}

/// Runs the steps of a model on the threads of its own pool.
#[derive(Clone, Debug)]
pub(crate) struct ModelQueue(CpuPool);

impl ModelQueue {
    pub(crate) fn new(pool: CpuPool) -> Self {
        Self(pool)
    }

    /// What comes of each text, in order. A question is one piece of work with both of its steps, and it is before all documents
    /// that wait: it is computed as soon as a thread has done the piece it is at.
    pub(crate) async fn run<S: Steps>(
        &self,
        steps: Arc<S>,
        role: EmbedRole,
        texts: Vec<String>,
    ) -> Result<Vec<S::Output>> {
        if role == EmbedRole::Query && texts.len() == 1 {
            let work = move |texts: &[String]| steps.compute(&tokenize(&*steps, texts)?);
            return self.spread(role, vec![texts], work).await;
        }
        let (tokenizer, texts) = (Arc::clone(&steps), pieces(texts, |_| 1, TEXTS_PER_JOB));
        let tokens = self.spread(role, texts, move |texts: &[String]| tokenize(&*tokenizer, texts)).await?;
        let tokens = pieces(tokens, Vec::len, TOKENS_PER_JOB);
        self.spread(role, tokens, move |tokens: &[Vec<u32>]| steps.compute(tokens)).await
    }

    /// Runs `work` on every piece, on all threads of the pool, and gives the results in order. Only a few pieces wait in the
    /// queue at a time, so that others get their turn and a caller that leaves leaves nothing behind.
    async fn spread<T: Send + 'static, R: Send + 'static>(
        &self,
        role: EmbedRole,
        pieces: Vec<Vec<T>>,
        work: impl Fn(&[T]) -> Result<Vec<R>> + Clone + Send + 'static,
    ) -> Result<Vec<R>> {
        let jobs = pieces.into_iter().map(|piece| {
            let (work, pool) = (work.clone(), self.0.clone());
            async move {
                let job = move || work(&piece);
                match role {
                    EmbedRole::Query => pool.run_first(job).await?,
                    EmbedRole::Document => pool.run(job).await?,
                }
            }
        });
        let results = stream::iter(jobs).buffered(self.0.threads() + 1);
        let parts: Vec<Vec<R>> = results.try_collect().await?;
        Ok(parts.into_iter().flatten().collect())
    }
}

fn tokenize(steps: &impl Steps, texts: &[String]) -> Result<Vec<Vec<u32>>> {
    texts.iter().map(|text| steps.tokenize(text)).collect()
}

/// Cuts `items` into runs whose sizes add up to at most `budget`; a larger item gets a run of its own.
fn pieces<T>(items: Vec<T>, size: impl Fn(&T) -> usize, budget: usize) -> Vec<Vec<T>> {
    let mut pieces = Vec::new();
    let (mut piece, mut used) = (Vec::new(), 0);
    for item in items {
        let size = size(&item);
        if used + size > budget && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
            used = 0;
        }
        used += size;
        piece.push(item);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::task::{Context, Waker};

    fn check(sizes: &[usize], budget: usize, expected: &[&[usize]]) {
        assert_eq!(pieces(sizes.to_vec(), |size| *size, budget), expected);
    }

    #[test]
    fn pieces_keep_to_the_budget_and_the_order() {
        check(&[], 10, &[]);
        check(&[4, 6, 1], 10, &[&[4, 6], &[1]]);
        check(&[11, 2, 3, 20, 1], 10, &[&[11], &[2, 3], &[20], &[1]]);
    }

    /// A model whose texts are numbers of tokens. It says when it computes its first piece, and waits there.
    struct Gated {
        computed: Mutex<Vec<Vec<usize>>>,
        began: Sender<()>,
        go_on: Mutex<Receiver<()>>,
    }

    impl Steps for Gated {
        type Output = usize;

        fn tokenize(&self, text: &str) -> Result<Vec<u32>> {
            Ok(vec![0; text.parse().expect("a number")])
        }

        fn compute(&self, texts: &[Vec<u32>]) -> Result<Vec<usize>> {
            let sizes: Vec<usize> = texts.iter().map(Vec::len).collect();
            let mut computed = self.computed.lock().expect("no panic");
            computed.push(sizes.clone());
            let is_first = computed.len() == 1;
            drop(computed);
            if is_first {
                self.began.send(()).expect("the test waits");
                self.go_on.lock().expect("no panic").recv().expect("the test goes on");
            }
            Ok(sizes)
        }
    }

    #[test]
    fn a_question_behind_a_thousand_documents_is_in_the_next_batch() {
        let (began, has_begun) = channel();
        let (go_on, gate) = channel();
        let model = Arc::new(Gated { computed: Mutex::default(), began, go_on: Mutex::new(gate) });
        let queue = ModelQueue::new(CpuPool::new(1, 1024));
        let texts = vec!["100".to_owned(); 1000];
        let mut documents = pin!(queue.run(Arc::clone(&model), EmbedRole::Document, texts));
        let mut context = Context::from_waker(Waker::noop());
        while has_begun.try_recv().is_err() {
            let waits = documents.as_mut().poll(&mut context).is_pending();
            assert!(waits, "the model does not go on with its first piece");
            std::thread::yield_now();
        }
        let mut question = pin!(queue.run(Arc::clone(&model), EmbedRole::Query, vec!["7".to_owned()]));
        assert!(question.as_mut().poll(&mut context).is_pending(), "it is in the queue");
        go_on.send(()).expect("the model waits");
        let (documents, asked) = futures::executor::block_on(futures::future::join(documents, question));
        assert_eq!((documents.expect("computed").len(), asked.expect("computed")), (1000, vec![7]));
        let computed = model.computed.lock().expect("no panic");
        assert_eq!(computed[0], [100, 100, 100], "documents go three at a time");
        assert_eq!(computed[1], [7], "then the question, alone");
        assert!(computed.iter().all(|piece| piece.iter().sum::<usize>() <= 2048), "pieces are small");
        assert_eq!(computed.len(), 1 + 1000_usize.div_ceil(3));
    }
}
