//! What is well and what is not, with the cure.

use crate::app::App;
use crate::collections::Collection;
use crate::metadata::SourceScope;
use pllm_core::{Result, StoreKey, TextSource};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// What it is.
    pub what: String,
    /// Whether it is as it should be.
    pub well: bool,
    /// What was found.
    pub detail: String,
    /// The cure.
    pub hint: Option<String>,
}

impl Finding {
    fn well(what: &str, detail: String) -> Self {
        Self { what: what.to_owned(), well: true, detail, hint: None }
    }

    fn bad(what: &str, detail: String, hint: &str) -> Self {
        Self { what: what.to_owned(), well: false, detail, hint: Some(hint.to_owned()) }
    }
}

impl App {
    /// Looks at the data directory, the stores and their indexes, the models, the readers of files and the processor.
    ///
    /// # Errors
    /// Only what keeps it from looking at all.
    pub async fn doctor(&self) -> Result<Vec<Finding>> {
        let mut findings = vec![
            Finding::well("data directory", self.config.data_dir.display().to_string()),
            Finding::well("processor", format!("{} threads; {}", self.config.threads, features())),
        ];
        findings.push(self.model_finding().await);
        findings.push(self.reader_finding().await);
        findings.push(self.trace_finding().await?);
        let health = self.stores.check().await?;
        findings
            .extend(health.faults.iter().map(|fault| Finding::bad("store", fault.clone(), "see the line")));
        let latency = format!("{}, {:.1} ms", health.version, health.latency_seconds * 1000.0);
        findings.push(Finding::well("store memory", latency));
        for record in self.collections().await? {
            let what = format!("collection {}", record.name);
            let key = StoreKey { collection: record.id.clone(), generation: record.generation };
            findings.push(match self.open_collection(record).await {
                Ok(collection) => match self.missing(&collection).await? {
                    Some(missing) => {
                        Finding::bad(&what, missing, "delete these sources and ingest them again")
                    }
                    None => self.index_finding(&what, &key).await?,
                },
                Err(error) => {
                    Finding::bad(&what, error.to_string(), error.cure().unwrap_or("restore it from a backup"))
                }
            });
        }
        Ok(findings)
    }

    async fn model_finding(&self) -> Finding {
        match self.models.get().await {
            Ok(models) => Finding::well("embedder", format!("{} answers", models.embedder.info().model)),
            Err(error) => {
                Finding::bad("embedder", error.to_string(), error.cure().unwrap_or("pllm models pull"))
            }
        }
    }

    /// How the processes that read files are shut in.
    async fn reader_finding(&self) -> Finding {
        let what = "readers of files";
        match self.conversions.confinement().await {
            Ok(confinement) if confinement.holds() => Finding::well(what, format!("shut in; {confinement}")),
            Ok(confinement) => Finding::bad(
                what,
                format!("not shut in; {confinement}"),
                "use Linux 5.13 or newer with landlock, or read only files that you trust",
            ),
            Err(error) => {
                Finding::bad(what, error.to_string(), "start the program from where /proc is mounted")
            }
        }
    }

    /// How many answers can be looked into, and for how long.
    async fn trace_finding(&self) -> Result<Finding> {
        self.settle_traces().await;
        let detail = match (self.config.trace_days, self.meta.count_traces().await?) {
            (0, _) => "none are kept (trace.days is 0)".to_owned(),
            (days, count) => format!("{count}, each kept for {days} days (trace.days)"),
        };
        Ok(Finding::well("traces of answers", detail))
    }

    /// What the sources of a collection should have and have not: Documents, and texts that read.
    async fn missing(&self, collection: &Collection) -> Result<Option<String>> {
        // While files are being read into it, what is there and what should be there change one after the other.
        let Some(_alone) = self.cleaner.gates.try_alone(&collection.record.id) else { return Ok(None) };
        let sources = self.meta.sources(&collection.record.id, SourceScope::WithText).await?;
        let (there, expected) =
            (collection.store.count(None).await?, sources.iter().map(|source| source.documents).sum::<u64>());
        if there != expected {
            return Ok(Some(format!("{there} documents are there, expected {expected}")));
        }
        for source in sources {
            if let Err(error) = collection.texts.text(&source.id, source.revision).await {
                return Ok(Some(format!(
                    "the text of {} ({}) does not read: {error}",
                    source.detail.name, source.id
                )));
            }
        }
        Ok(None)
    }

    /// Compares a collection's index with one made anew from its Documents.
    async fn index_finding(&self, what: &str, key: &StoreKey) -> Result<Finding> {
        let differences = self.memory.verify(key).await?;
        Ok(match differences.first() {
            None => Finding::well(what, "the index equals one made anew".to_owned()),
            Some(first) => {
                let detail =
                    format!("{} differences between index and documents, first: {first}", differences.len());
                Finding::bad(what, detail, "start pllm again: indexes are made anew at every start")
            }
        })
    }
}

/// What the processor has that the kernels use.
fn features() -> String {
    #[cfg(target_arch = "x86_64")]
    {
        let all = [
            ("AVX2", is_x86_feature_detected!("avx2")),
            ("FMA", is_x86_feature_detected!("fma")),
            ("F16C", is_x86_feature_detected!("f16c")),
            ("AVX-512", is_x86_feature_detected!("avx512f")),
            ("VNNI", is_x86_feature_detected!("avx512vnni")),
        ];
        let there: Vec<&str> = all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect();
        if !there.is_empty() {
            return there.join(", ");
        }
    }
    "portable code only".to_owned()
}
