//! Which Documents are nearest, by vector or by words? Chroma ranks vectors, the ledger's postings words.

use super::engine::{Engine, Miss, PAGE, again_if_moved, missed};
use super::filter::{Translation, Where};
use super::record::VECTOR;
use super::wire::Query;
use pllm_core::{Document, Embedding, Error, Filter, Result, SearchQuery};
use roaring::RoaringBitmap;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows asked for beyond those wanted: some do not count, and of equal scores the first ids are wanted.
const BEYOND: usize = 16;
/// How many more rows are asked for when there were too few.
const GROWTH: usize = 4;
/// Of the best, this many for each one wanted are looked at before those that match a filter are asked for.
const TRIED_PER_RESULT: usize = 3;

/// A search by vector.
struct Look<'a> {
    embedding: &'a Embedding,
    /// At least 1.
    top_k: usize,
    strict: bool,
}

/// What one look found.
struct Looked {
    hits: Vec<(f64, i64)>,
    /// Whether these are the best of all.
    settled: bool,
}

impl Engine {
    pub(super) async fn search(self: &Arc<Self>, query: &SearchQuery) -> Result<Vec<Document>> {
        let (SearchQuery::Embedding { filter, top_k, .. } | SearchQuery::Keyword { filter, top_k, .. }) =
            query;
        filter.as_deref().map_or(Ok(()), Filter::validate)?;
        self.check_query(query)?;
        again_if_moved!(self, |strict| self.found(query, filter.as_deref(), *top_k, strict))
    }

    async fn found(
        self: &Arc<Self>,
        query: &SearchQuery,
        filter: Option<&Filter>,
        top_k: usize,
        strict: bool,
    ) -> Result<Vec<Document>, Miss> {
        let hits = match query {
            SearchQuery::Embedding { embedding, .. } => {
                self.nearest(embedding, filter, top_k, strict).await?
            }
            SearchQuery::Keyword { text, .. } => self.by_words(text, filter, top_k, strict).await?,
        };
        let seqs: Vec<i64> = hits.iter().map(|(_, seq)| *seq).collect();
        let mut documents = self.documents(&seqs, false).await?;
        for (document, (score, _)) in documents.iter_mut().zip(hits) {
            document.score = Some(score);
        }
        Ok(documents)
    }

    fn check_query(&self, query: &SearchQuery) -> Result<()> {
        self.check_dropped()?;
        let SearchQuery::Embedding { embedding, .. } = query else { return Ok(()) };
        let (found, expected) = (embedding.dimension(), self.schema.dimension);
        if found == expected {
            return Ok(());
        }
        let message = format!("embedding has {found} dimensions, the store expects {expected}");
        Err(Error::invalid("stores.search", message)
            .hint("ask with the embedder that the collection was indexed with"))
    }

    /// The best by vector, with their cosines.
    async fn nearest(
        self: &Arc<Self>,
        embedding: &Embedding,
        filter: Option<&Filter>,
        top_k: usize,
        strict: bool,
    ) -> Result<Vec<(f64, i64)>, Miss> {
        let (rows, vectors) = {
            let words = self.words()?;
            (words.count(), words.with_vector())
        };
        if top_k == 0 || vectors == 0 {
            return Ok(Vec::new());
        }
        let all = if vectors < rows { Where::Is(json!({VECTOR: true})) } else { Where::All };
        let look = Look { embedding, top_k, strict };
        let (mut condition, mut unsure) = (all, None);
        if let Some(filter) = filter {
            let translation = Translation::of(filter);
            if translation.condition == Where::Nothing {
                return Ok(Vec::new());
            }
            if tried(top_k) <= PAGE {
                let looked = self.look(&look, condition.json().as_ref(), Some(filter), tried(top_k)).await?;
                if looked.settled {
                    return Ok(looked.hits);
                }
            }
            unsure = Some(filter).filter(|_| !translation.exact);
            condition = Where::and(vec![condition, translation.condition]);
        }
        let condition = condition.json();
        // Rows that do not count come on top, so this may be too few and is asked for more then.
        let mut wanted = top_k.min(rows) + BEYOND;
        loop {
            let looked = self.look(&look, condition.as_ref(), unsure, wanted).await?;
            if looked.settled {
                return Ok(looked.hits);
            }
            wanted = wanted.saturating_mul(GROWTH);
        }
    }

    /// Asks for so many of the nearest rows on a condition, and keeps the best of those that match `unsure`.
    async fn look(
        self: &Arc<Self>,
        look: &Look<'_>,
        condition: Option<&Value>,
        unsure: Option<&Filter>,
        wanted: usize,
    ) -> Result<Looked, Miss> {
        let last = self.words()?.last();
        let ranked = self.query(look.embedding, condition, wanted).await;
        let ranked = ranked.map_err(|error| missed(error, look.strict))?;
        let (all, lowest) = (ranked.len() < wanted, ranked.last().map_or(-1.0, |(_, score)| *score));
        let mut hits = self.hits(ranked, unsure, last, look.strict).await?;
        // Of those that score as the last one does, the first ids may be still to come.
        let settled = all || hits.get(look.top_k - 1).is_some_and(|(score, _)| *score > lowest);
        hits.truncate(look.top_k);
        Ok(Looked { hits, settled })
    }

    /// Names and cosines of the nearest rows.
    async fn query(
        &self,
        embedding: &Embedding,
        filter: Option<&Value>,
        n_results: usize,
    ) -> Result<Vec<(String, f64)>> {
        let query =
            Query { query_embeddings: [embedding.values()], n_results, filter, include: ["distances"] };
        let found = {
            let _nothing_is_removed = self.removing.read().await;
            self.client.query(&self.id, &query).await?
        };
        let ids = found.ids.into_iter().next().unwrap_or_default();
        let distances = found.distances.and_then(|all| all.into_iter().next()).unwrap_or_default();
        let score = |distance: Option<f64>| (1.0 - distance.unwrap_or(1.0)).clamp(-1.0, 1.0);
        Ok(ids.into_iter().zip(distances.into_iter().map(score)).collect())
    }

    /// Those of the ranked rows that count and match; best first, ties in the order of ids.
    async fn hits(
        self: &Arc<Self>,
        ranked: Vec<(String, f64)>,
        unsure: Option<&Filter>,
        last: i64,
        strict: bool,
    ) -> Result<Vec<(f64, i64)>, Miss> {
        let names: Vec<String> = ranked.iter().map(|(name, _)| name.clone()).collect();
        let mut seqs = self.counting(&names, last, strict)?;
        if let Some(filter) = unsure {
            seqs = self.confirmed(seqs, filter).await?;
        }
        let scores: HashMap<String, f64> = ranked.into_iter().collect();
        let words = self.words()?;
        // What was removed since it was counted has no slot any more; its Document will be missed.
        let id = |seq: &i64| words.slots.at(*seq).map(|slot| words.slots.id(slot));
        let mut hits: Vec<(f64, i64)> = seqs
            .iter()
            .map(|seq| (scores.get(&super::record::name(*seq)).copied().unwrap_or(0.0), *seq))
            .collect();
        hits.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(&a.1).cmp(&id(&b.1))));
        Ok(hits)
    }

    /// The best by words, with their scores.
    async fn by_words(
        self: &Arc<Self>,
        text: &Arc<str>,
        filter: Option<&Filter>,
        top_k: usize,
        strict: bool,
    ) -> Result<Vec<(f64, i64)>, Miss> {
        let Some(filter) = filter else { return Ok(self.rank(text, top_k, None).await?) };
        let tried = tried(top_k);
        let best = self.rank(text, tried, None).await?;
        let all = best.len() < tried;
        if all || tried <= PAGE {
            let kept = self.confirmed(best.iter().map(|(_, seq)| *seq).collect(), filter).await?;
            if all || kept.len() >= top_k {
                let kept: HashSet<i64> = kept.into_iter().collect();
                return Ok(best.into_iter().filter(|(_, seq)| kept.contains(seq)).take(top_k).collect());
            }
        }
        let matching = self.matching(Some(filter), 0, strict).await?;
        Ok(self.rank(text, top_k, Some(matching)).await?)
    }

    /// Ranks all rows, or those `allowed`, on the pool.
    async fn rank(
        self: &Arc<Self>,
        text: &Arc<str>,
        top_k: usize,
        allowed: Option<Vec<i64>>,
    ) -> Result<Vec<(f64, i64)>> {
        let (engine, text) = (Arc::clone(self), Arc::clone(text));
        let work = move || {
            let words = engine.words()?;
            let allowed: RoaringBitmap = match allowed {
                Some(seqs) => seqs.iter().filter_map(|seq| words.slots.at(*seq)).collect(),
                None => words.slots.live().clone(),
            };
            Ok(words.search(&text, &engine.analyzer, &engine.schema.keyword, &allowed, top_k))
        };
        self.pool.run_first(work).await?
    }
}

/// How many of the best are looked at before those that match a filter are asked for. Where many match, those wanted are among
/// the best, and the condition would take the server longer.
fn tried(top_k: usize) -> usize {
    top_k.saturating_mul(TRIED_PER_RESULT).saturating_add(BEYOND)
}
