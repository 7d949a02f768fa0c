//! What one case of the suite has in hand: its engine, store keys of its own, and the calls that cases repeat.

use super::Engine;
use super::sample::schema;
use futures::future::BoxFuture;
use libtest_mimic::Failed;
use pllm_core::{
    Capabilities, CollectionId, Cursor, Document, DocumentStore, DuplicatePolicy, Embedding, ErrorKind,
    Filter, Result, Schema, SearchQuery, StoreBackend, StoreKey, Visible, WriteReport,
};
use std::fmt::Debug;
use std::sync::Arc;

/// How a case ends.
pub(super) type Outcome = Result<(), Failed>;

/// What a case cannot do without.
#[derive(Debug, Clone, Copy)]
pub(super) enum Needs {
    Nothing,
    Keyword,
    Embedding,
    Server,
}

/// A case in the table of its module.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) needs: Needs,
    pub(super) run: for<'a> fn(&'a mut Case) -> BoxFuture<'a, Outcome>,
}

/// The table of a module: `cases![Needs: function, …]`; a case is named as its function.
macro_rules! cases {
    ($($needs:ident: $function:ident),* $(,)?) => {
        &[$($crate::store_suite::case::Entry {
            name: stringify!($function),
            needs: $crate::store_suite::case::Needs::$needs,
            run: |case| Box::pin($function(case)),
        }),*]
    };
}
pub(super) use cases;

/// One case's world.
pub(super) struct Case {
    engine: Box<dyn Engine>,
    name: &'static str,
    pub(super) able: Capabilities,
}

impl Case {
    pub(super) fn new(engine: Box<dyn Engine>, name: &'static str, able: Capabilities) -> Self {
        Self { engine, name, able }
    }

    pub(super) fn backend(&self) -> Arc<dyn StoreBackend> {
        self.engine.backend()
    }

    /// A key that no other case uses.
    pub(super) fn key(&self, part: &str, generation: u32) -> Result<StoreKey> {
        Ok(StoreKey { collection: CollectionId::new(&format!("{}-{part}", self.name))?, generation })
    }

    /// The case's main store, of dimension 4 and in English, German and Chinese.
    pub(super) async fn open(&self) -> Result<Arc<dyn DocumentStore>> {
        self.open_with(&schema(4)).await
    }

    pub(super) async fn open_with(&self, schema: &Schema) -> Result<Arc<dyn DocumentStore>> {
        self.backend().open(&self.key("main", 1)?, schema).await
    }

    /// Ends the engine and starts it again; `store`, the last handle, goes with it.
    pub(super) async fn restart(&mut self, store: Arc<dyn DocumentStore>) -> Result<()> {
        drop(store);
        self.engine.restart().await
    }

    /// Ends the server, whose stores stay open.
    pub(super) async fn stop_server(&mut self) -> Result<()> {
        self.engine.stop().await
    }

    /// Starts it again.
    pub(super) async fn resume_server(&mut self) -> Result<()> {
        self.engine.resume().await
    }
}

/// Writes new Documents; a known id is a fault of the case.
pub(super) async fn write(store: &Arc<dyn DocumentStore>, documents: Vec<Document>) -> Result<WriteReport> {
    store.write(documents, DuplicatePolicy::Fail, Visible::OnReturn).await
}

pub(super) async fn overwrite(
    store: &Arc<dyn DocumentStore>,
    documents: Vec<Document>,
) -> Result<WriteReport> {
    store.write(documents, DuplicatePolicy::Overwrite, Visible::OnReturn).await
}

pub(super) fn keyword(text: &str, top_k: usize, filter: Option<&Filter>) -> SearchQuery {
    SearchQuery::Keyword { text: text.into(), top_k, filter: filter.map(|filter| Arc::new(filter.clone())) }
}

pub(super) fn nearest(embedding: &Embedding, top_k: usize, filter: Option<&Filter>) -> SearchQuery {
    let filter = filter.map(|filter| Arc::new(filter.clone()));
    SearchQuery::Embedding { embedding: embedding.clone(), top_k, filter }
}

/// The ids that a search by words finds, best first.
pub(super) async fn found(store: &Arc<dyn DocumentStore>, text: &str) -> Result<Vec<String>> {
    Ok(ids(&store.search(&keyword(text, 100, None)).await?))
}

/// All Documents in write order, in pages of 100.
pub(super) async fn everything(
    store: &Arc<dyn DocumentStore>,
    filter: Option<&Filter>,
) -> Result<Vec<Document>> {
    walk(store, filter, 100).await
}

/// All Documents in write order, in pages of `limit`. A page is never longer, and only the last may be shorter.
pub(super) async fn walk(
    store: &Arc<dyn DocumentStore>,
    filter: Option<&Filter>,
    limit: usize,
) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    let mut cursor = Some(Cursor { limit, after: 0 });
    while let Some(at) = cursor {
        let page = store.fetch(filter, at).await?;
        let full = page.documents.len() == limit;
        assert!(page.documents.len() <= limit, "a page of {limit} has {}", page.documents.len());
        assert!(full || page.next.is_none(), "a page that is not full says that there are more");
        documents.extend(page.documents);
        cursor = page.next;
    }
    Ok(documents)
}

pub(super) fn ids(documents: &[Document]) -> Vec<String> {
    documents.iter().map(|document| document.id.to_string()).collect()
}

/// Fails unless `result` is an error of `kind`.
pub(super) fn expect_error<T: Debug>(result: Result<T>, kind: ErrorKind, what: &str) -> Outcome {
    match result {
        Err(error) if error.kind() == kind => Ok(()),
        other => Err(format!("{what}: {other:?}, expected an error of kind {kind:?}").into()),
    }
}

/// Fails unless scores are there, finite and descending, with ties in the order of ids.
pub(super) fn check_ranking(documents: &[Document]) -> Outcome {
    let mut before: Option<(f64, &Document)> = None;
    for document in documents {
        let score = document.score.ok_or_else(|| format!("{} was found without a score", document.id))?;
        assert!(score.is_finite(), "{} has score {score}", document.id);
        if let Some((earlier, other)) = before {
            let in_order =
                earlier > score || (earlier.to_bits() == score.to_bits() && other.id < document.id);
            assert!(in_order, "{} with {earlier} stands before {} with {score}", other.id, document.id);
        }
        before = Some((score, document));
    }
    Ok(())
}
