//! A product in a folder of its own, and cases that need the model.

use libtest_mimic::{Completion, Failed, Trial};
use pllm_app::App;
use pllm_app::config::{Config, Layers};
use pllm_app::ingest::{FileOutcome, IngestOptions, IngestProgress, IngestSummary};
use pllm_core::CancelFlag;
use pllm_testkit::presence::Presence;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// What a case gives; any error fails it.
pub(crate) type Outcome = anyhow::Result<()>;

/// A case that needs the embedder's files.
pub(crate) fn with_model<F>(name: &'static str, case: fn() -> F) -> Trial
where
    F: Future<Output = Outcome> + Send + 'static,
{
    Trial::ignorable_test(name, move || match model().settle("model")? {
        Some(absent) => Ok(absent),
        None => block_on(case()).map(|()| Completion::Completed),
    })
}

/// A case that needs the embedder's files and a program, which is known by its name.
pub(crate) fn with_model_and<F>(
    (program, presence): (&'static str, fn() -> Presence),
    name: &'static str,
    case: fn() -> F,
) -> Trial
where
    F: Future<Output = Outcome> + Send + 'static,
{
    Trial::ignorable_test(name, move || {
        for (needed, presence) in [("model", model()), (program, presence())] {
            if let Some(absent) = presence.settle(needed)? {
                return Ok(absent);
            }
        }
        block_on(case()).map(|()| Completion::Completed)
    })
}

/// A case that needs nothing.
pub(crate) fn plain<F>(name: &'static str, case: fn() -> F) -> Trial
where
    F: Future<Output = Outcome> + Send + 'static,
{
    Trial::test(name, move || block_on(case()))
}

fn block_on(case: impl Future<Output = Outcome>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(case).map_err(|error| Failed::from(format!("{error:?}")))
}

fn model() -> Presence {
    let missing = |dir: &Path| {
        Presence::Absent(format!("the model is not in {}; `make run` puts it there", dir.display()))
    };
    match config(Path::new("unused")) {
        Ok(config) if pllm_app::models::verify(&config, Some(pllm_app::DEFAULT_EMBEDDER)).is_ok() => {
            Presence::Here
        }
        Ok(config) => missing(&config.models_dir),
        Err(error) => Presence::Absent(error.to_string()),
    }
}

/// The usual settings on another data directory; the models are the environment's.
pub(crate) fn config(data_dir: &Path) -> pllm_core::Result<Config> {
    let models = std::env::var("PLLM_MODELS").ok().map(|dir| ("PLLM_MODELS".to_owned(), dir));
    let flags = [("data_dir", data_dir.display().to_string())].into();
    Ok(Config::load(&Layers { file: None, environment: models.into_iter().collect(), flags })?.0)
}

/// A product in a temporary folder.
pub(crate) struct Fixture {
    pub(crate) app: Arc<App>,
    pub(crate) files: PathBuf,
    folder: TempDir,
}

impl Fixture {
    pub(crate) async fn new() -> anyhow::Result<Self> {
        Self::in_folder(tempfile::tempdir()?).await
    }

    /// With settings made for the data directory.
    pub(crate) async fn with_config(
        config: impl FnOnce(&Path) -> pllm_core::Result<Config>,
    ) -> anyhow::Result<Self> {
        Self::open(tempfile::tempdir()?, config).await
    }

    async fn in_folder(folder: TempDir) -> anyhow::Result<Self> {
        Self::open(folder, config).await
    }

    async fn open(
        folder: TempDir,
        config: impl FnOnce(&Path) -> pllm_core::Result<Config>,
    ) -> anyhow::Result<Self> {
        let app = Arc::new(App::open(config(&folder.path().join("data"))?, "test").await?);
        let files = folder.path().canonicalize()?.join("files");
        std::fs::create_dir_all(&files)?;
        Ok(Self { app, files, folder })
    }

    /// Closes the product and opens it again on the same folder.
    pub(crate) async fn restart(self) -> anyhow::Result<Self> {
        self.restart_with(config).await
    }

    /// The same, with settings made for the data directory.
    pub(crate) async fn restart_with(
        self,
        config: impl FnOnce(&Path) -> pllm_core::Result<Config>,
    ) -> anyhow::Result<Self> {
        self.app.settle_traces().await;
        drop(self.app);
        Self::open(self.folder, config).await
    }

    /// Where the product keeps its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file to be ingested.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> anyhow::Result<PathBuf> {
        let path = self.files.join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Ingests all files into the collection `default`.
    pub(crate) async fn ingest(&self) -> anyhow::Result<IngestSummary> {
        self.ingest_with(IngestOptions::default()).await
    }

    pub(crate) async fn ingest_with(&self, options: IngestOptions) -> anyhow::Result<IngestSummary> {
        let paths = [self.files.clone()];
        Ok(self.app.ingest("default", &paths, options, Arc::new(Silent), CancelFlag::default()).await?)
    }

    /// Documents in the collection `default`.
    pub(crate) async fn count(&self) -> anyhow::Result<u64> {
        Ok(self.app.collection("default").await?.store.count(None).await?)
    }
}

/// Progress that nobody watches.
pub(crate) struct Silent;

impl IngestProgress for Silent {
    fn begin(&self, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn file(&self, _: &FileOutcome) {}
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Fails with `message` unless `condition` holds.
pub(crate) fn ensure(condition: bool, message: impl FnOnce() -> String) -> Outcome {
    if condition { Ok(()) } else { Err(anyhow::anyhow!(message())) }
}
