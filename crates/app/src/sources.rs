//! What is in a collection: list, show, delete.

use crate::app::App;
use crate::collections::Collection;
use crate::metadata::{RowTotals, SourceKind, SourceRecord, SourceScope};
use crate::pages::page_text;
use crate::views::{PageText, ShownSource, Source};
use pllm_core::{
    CanonicalText, Document, DocumentId, Error, ErrorKind, Filter, Result, SourceId, TextSource,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A source with the number of its rows.
#[derive(Debug, Clone)]
pub struct ListedSource {
    /// The source.
    pub source: SourceRecord,
    /// Rows of a dataset.
    pub rows: u64,
}

impl ListedSource {
    /// A source with its rows; a dataset's Documents and text are those of its rows.
    #[must_use]
    pub fn with_rows(source: SourceRecord, rows: &[SourceRecord]) -> Self {
        let totals = RowTotals {
            rows: rows.len() as u64,
            text_bytes: rows.iter().map(|row| row.text_bytes).sum(),
            documents: rows.iter().map(|row| row.documents).sum(),
        };
        Self::with_totals(source, totals)
    }

    fn with_totals(mut source: SourceRecord, rows: RowTotals) -> Self {
        source.documents += rows.documents;
        source.text_bytes += rows.text_bytes;
        Self { source, rows: rows.rows }
    }
}

/// What a delete removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletedSources {
    /// Sources named or matched.
    pub sources: u64,
    /// Sources with their rows.
    pub with_rows: u64,
    /// Documents.
    pub documents: u64,
}

impl App {
    /// Files and datasets; with a filter, the files and rows whose metadata matches.
    ///
    /// # Errors
    /// `NotFound` for an unknown collection.
    pub async fn sources(&self, collection: &str, filter: Option<&Filter>) -> Result<Vec<ListedSource>> {
        let collection = self.collection(collection).await?;
        let id = &collection.record.id;
        if let Some(filter) = filter {
            let sources = self.meta.sources(id, SourceScope::WithText).await?;
            let matching = sources.into_iter().filter(|source| matches(source, filter));
            return Ok(matching.map(|source| ListedSource { source, rows: 0 }).collect());
        }
        let totals = self.meta.row_totals(id).await?;
        let top = self.meta.sources(id, SourceScope::Top).await?;
        let listed = |source: SourceRecord| {
            let rows = totals.get(&source.id).copied().unwrap_or_default();
            ListedSource::with_totals(source, rows)
        };
        Ok(top.into_iter().map(listed).collect())
    }

    /// The same; with `rows` and no filter, the rows of each table after it.
    ///
    /// # Errors
    /// As [`App::sources`].
    pub async fn sources_and_rows(
        &self,
        collection: &str,
        filter: Option<&Filter>,
        rows: bool,
    ) -> Result<Vec<ListedSource>> {
        let listed = self.sources(collection, filter).await?;
        if !rows || filter.is_some() {
            return Ok(listed);
        }
        let collection = self.collection(collection).await?;
        let mut all = Vec::new();
        for one in listed {
            let rows = match one.source.kind {
                SourceKind::Dataset => self.rows(&collection, &one.source).await?,
                _ => Vec::new(),
            };
            all.push(one);
            all.extend(rows.into_iter().map(|source| ListedSource { source, rows: 0 }));
        }
        Ok(all)
    }

    /// Sources as [`App::sources_and_rows`] lists them whose name or path holds `query`, the case of letters aside: `limit` of them
    /// from `offset` on, and how many there are.
    ///
    /// # Errors
    /// As [`App::sources`].
    pub async fn sources_page(
        &self,
        collection: &str,
        (filter, rows): (Option<&Filter>, bool),
        query: &str,
        (offset, limit): (usize, usize),
    ) -> Result<(Vec<ListedSource>, usize)> {
        let mut listed = self.sources_and_rows(collection, filter, rows).await?;
        let query = query.trim().to_lowercase();
        listed.retain(|listed| {
            let detail = &listed.source.detail;
            [&detail.name, &detail.path].iter().any(|text| text.to_lowercase().contains(&query))
        });
        let total = listed.len();
        Ok((listed.into_iter().skip(offset).take(limit).collect(), total))
    }

    /// One source, by its id, a beginning of it that no other source has, its path or the end of its path.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` naming those that it may be.
    pub async fn source(&self, collection: &str, name: &str) -> Result<(Arc<Collection>, SourceRecord)> {
        let collection = self.collection(collection).await?;
        let source = self.find_source(&collection, name).await?;
        Ok((collection, source))
    }

    async fn find_source(&self, collection: &Collection, name: &str) -> Result<SourceRecord> {
        let id = &collection.record.id;
        // By far the most are named by their whole id: then no other one is looked at.
        if let Ok(whole) = SourceId::new(name)
            && let Some(exact) = self.meta.sources(id, SourceScope::One(whole)).await?.pop()
        {
            return Ok(exact);
        }
        let mut all = self.meta.sources(id, SourceScope::Top).await?;
        all.extend(
            self.meta
                .sources(id, SourceScope::WithText)
                .await?
                .into_iter()
                .filter(|s| s.kind == SourceKind::Row),
        );
        let is_meant = |source: &&SourceRecord| {
            let path = std::path::Path::new(&source.detail.path);
            source.id.as_str().starts_with(name) || (source.kind != SourceKind::Row && path.ends_with(name))
        };
        let meant: Vec<&SourceRecord> = all.iter().filter(is_meant).collect();
        match meant.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(Error::new(
                ErrorKind::NotFound,
                "app.sources",
                format!("source {name:?} is not in the collection"),
            )
            .hint("`pllm sources list` shows what is")),
            several => {
                let ids: Vec<String> =
                    several.iter().take(5).map(|s| format!("{} ({})", s.id, s.detail.path)).collect();
                let message = format!("source {name:?} may be {} of the collection's sources", several.len());
                Err(Error::new(ErrorKind::Conflict, "app.sources", message)
                    .hint(format!("name one: {}", ids.join(", "))))
            }
        }
    }

    /// One source with as much of its text as is wanted: all of it, or one page from 1.
    ///
    /// # Errors
    /// As [`App::source`], [`App::source_text`] and [`page_text`].
    pub async fn shown_source(
        &self,
        collection: &str,
        name: &str,
        (text, page): (bool, Option<u32>),
    ) -> Result<ShownSource> {
        let (collection, source) = self.source(collection, name).await?;
        let canonical = match (text, page) {
            (false, None) => None,
            _ => Some(self.source_text(&collection, &source).await?),
        };
        let page = match (&canonical, page) {
            (Some(canonical), Some(page)) => Some(page_text(&source, canonical, page)?),
            _ => None,
        };
        let listed = ListedSource::with_rows(source.clone(), &self.rows(&collection, &source).await?);
        Ok(ShownSource {
            source: Source::new(&listed),
            page: page.as_ref().map(PageText::new),
            text: canonical.filter(|_| text).map(|canonical| canonical.text.clone()),
        })
    }

    /// The canonical text of a source, with its places.
    ///
    /// # Errors
    /// `Unsupported` for a dataset, which has none of its own.
    pub async fn source_text(
        &self,
        collection: &Collection,
        source: &SourceRecord,
    ) -> Result<Arc<CanonicalText>> {
        if source.kind == SourceKind::Dataset {
            let message = format!("{} is a dataset, its rows have texts of their own", source.detail.name);
            return Err(Error::new(ErrorKind::Unsupported, "app.sources", message)
                .hint("`pllm sources list --rows` shows them"));
        }
        collection.texts.text(&source.id, source.revision).await
    }

    /// The rows of a dataset.
    ///
    /// # Errors
    /// `Corrupt` when the metadata database is damaged.
    pub async fn rows(&self, collection: &Collection, dataset: &SourceRecord) -> Result<Vec<SourceRecord>> {
        self.meta.sources(&collection.record.id, SourceScope::RowsOf(dataset.id.clone())).await
    }

    /// Deletes sources, with the rows of datasets among them: Documents, vectors, postings, texts, originals and metadata.
    ///
    /// # Errors
    /// As [`App::source`]; nothing is deleted when one of them is not there.
    pub async fn delete_sources(&self, collection: &str, names: &[String]) -> Result<DeletedSources> {
        let collection = self.collection(collection).await?;
        let mut named = BTreeMap::new();
        for name in names {
            let source = self.find_source(&collection, name).await?;
            named.insert(source.id.clone(), source);
        }
        let (sources, mut documents) = (named.len() as u64, 0);
        for source in named.values() {
            let rows = self.rows(&collection, source).await?;
            documents += source.documents + rows.iter().map(|row| row.documents).sum::<u64>();
        }
        let paths = named.values().map(|source| source.detail.path.clone()).collect();
        let ids = named.into_keys().collect();
        let _room = self.cleaner.reserve.lend();
        let with_rows = self.meta.begin_source_delete(&collection.record.id, ids).await?;
        // A newer version of one of them may have failed to be read, and be kept to be tried again.
        let freed = self.meta.forget_incoming(&collection.record.id, paths).await?;
        self.cleaner.remove_incoming(&collection.record.id, freed).await?;
        self.cleaner.clear(&collection).await?;
        self.reopen(&collection).await?;
        Ok(DeletedSources { sources, with_rows, documents })
    }
}

/// Whether a source's metadata matches, seen as a Document without content.
fn matches(source: &SourceRecord, filter: &Filter) -> bool {
    DocumentId::new(source.id.as_str()).is_ok_and(|id| {
        let mut document = Document::new(id, "");
        document.meta = source.detail.meta.clone();
        document.language = source.language.as_deref().and_then(pllm_text::Language::parse);
        filter.matches(&document)
    })
}
