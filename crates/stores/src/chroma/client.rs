//! Chroma's calls, over the one HTTP client. Each may be sent twice: ids that are there are not added again, and what is gone
//! stays gone.

use super::OPEN;
use super::config::ChromaConfig;
use super::error::told;
use super::wire::{Add, Collection, Create, Delete, Found, Get, Got, Query, explain};
use pllm_core::{Error, ErrorKind, Result};
use pllm_runtime::local::target;
use pllm_runtime::{CpuPool, HttpClient, HttpMethod, HttpRequest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::{Duration, Instant};

/// Bytes of an answer at most: all ids of some ten million rows.
const MOST_ANSWER: u64 = 512 << 20;
/// Collections asked for at once.
const PAGE: usize = 500;

/// Speaks to one database of one server.
#[derive(Clone)]
pub(super) struct Client {
    http: HttpClient,
    pool: CpuPool,
    address: String,
    database: String,
    header: Option<(String, String)>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) fn new(config: &ChromaConfig, pool: CpuPool) -> Result<Self> {
        let address = config.address()?.to_owned();
        let path = ["api", "v2", "tenants", &config.tenant, "databases", &config.database, "collections"];
        let database = format!("{address}{}", target(&path, &[]));
        let (http, header) = (HttpClient::new(config.http())?, config.header()?);
        Ok(Self { http, pool, address, database, header })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// How long the server takes to answer.
    pub(super) async fn heartbeat(&self) -> Result<Duration> {
        let start = Instant::now();
        self.bytes(HttpMethod::Get, &format!("{}/api/v2/heartbeat", self.address), None).await?;
        Ok(start.elapsed())
    }

    /// The version of its API; it tells that of its package nowhere.
    pub(super) async fn version(&self) -> Result<String> {
        self.ask(HttpMethod::Get, &format!("{}/api/v2/version", self.address), None).await
    }

    pub(super) async fn create(&self, create: &Create<'_>) -> Result<Collection> {
        self.ask(HttpMethod::Post, &self.database, Some(json(create)?)).await
    }

    /// The collection of a name, if there is one.
    pub(super) async fn find(&self, name: &str) -> Result<Option<Collection>> {
        present(self.ask(HttpMethod::Get, &self.path(&[name]), None).await)
    }

    /// Removes the collection of a name; whether it was there.
    pub(super) async fn remove(&self, name: &str) -> Result<bool> {
        Ok(present(self.bytes(HttpMethod::Delete, &self.path(&[name]), None).await)?.is_some())
    }

    /// Every collection of the database.
    pub(super) async fn collections(&self) -> Result<Vec<Collection>> {
        let mut all = Vec::new();
        loop {
            let page = format!("{}?limit={PAGE}&offset={}", self.database, all.len());
            let found: Vec<Collection> = self.ask(HttpMethod::Get, &page, None).await?;
            let full = found.len() == PAGE;
            all.extend(found);
            if !full {
                return Ok(all);
            }
        }
    }

    /// Rows of a collection, by its id.
    pub(super) async fn count(&self, id: &str) -> Result<u64> {
        self.ask(HttpMethod::Get, &self.path(&[id, "count"]), None).await
    }

    pub(super) async fn add(&self, id: &str, rows: Add) -> Result<()> {
        let body = self.pool.run(move || json(&rows)).await??;
        self.bytes(HttpMethod::Post, &self.path(&[id, "add"]), Some(body)).await.map(drop)
    }

    pub(super) async fn get(&self, id: &str, get: &Get) -> Result<Got> {
        self.ask(HttpMethod::Post, &self.path(&[id, "get"]), Some(json(get)?)).await
    }

    pub(super) async fn query(&self, id: &str, query: &Query<'_>) -> Result<Found> {
        self.ask(HttpMethod::Post, &self.path(&[id, "query"]), Some(json(query)?)).await
    }

    /// Removes rows. How many of them were there it does not say.
    pub(super) async fn delete(&self, id: &str, ids: &[String]) -> Result<()> {
        let body = json(&Delete { ids })?;
        self.bytes(HttpMethod::Post, &self.path(&[id, "delete"]), Some(body)).await.map(drop)
    }

    fn path(&self, segments: &[&str]) -> String {
        format!("{}{}", self.database, target(segments, &[]))
    }

    /// The answer, read on the pool: a page of vectors takes its time.
    async fn ask<T: DeserializeOwned + Send + 'static>(
        &self,
        method: HttpMethod,
        url: &str,
        body: Option<Vec<u8>>,
    ) -> Result<T> {
        let bytes = self.bytes(method, url, body).await?;
        let read = self.pool.run_first(move || serde_json::from_slice(&bytes)).await?;
        read.map_err(|error: serde_json::Error| {
            let message = format!("the server at {} does not answer as Chroma does", self.address);
            Error::new(ErrorKind::Unavailable, OPEN, message)
                .hint("check that its address is that of a Chroma server of version 1")
                .caused_by(error)
        })
    }

    async fn bytes(&self, method: HttpMethod, url: &str, json: Option<Vec<u8>>) -> Result<Vec<u8>> {
        let header = self.header.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = HttpRequest { method, url, header, json };
        let answer = async { self.http.ask(request, explain).await?.all(MOST_ANSWER).await };
        answer.await.map_err(|error| told(&self.address, error))
    }
}

fn json<T: Serialize>(body: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(body)
        .map_err(|error| Error::invalid(OPEN, "a request for Chroma cannot be written").caused_by(error))
}

/// `None` for what is not there.
fn present<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
