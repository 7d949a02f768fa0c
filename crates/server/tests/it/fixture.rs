//! A service in a folder of its own, and cases that need the model.

use crate::client::{Call, Reply};
use anyhow::Context;
use libtest_mimic::{Completion, Failed, Trial};
use pllm_app::App;
use pllm_app::config::{Config, Layers};
use pllm_app::ingest::{FileOutcome, IngestOptions, IngestProgress};
use pllm_core::CancelFlag;
use pllm_server::{Options, bind};
use pllm_testkit::presence::Presence;
use serde_json::Value;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

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
    match config(Path::new("unused"), &[]) {
        Ok(config) if pllm_app::models::verify(&config, Some(pllm_app::DEFAULT_EMBEDDER)).is_ok() => {
            Presence::Here
        }
        Ok(config) => missing(&config.models_dir),
        Err(error) => Presence::Absent(error.to_string()),
    }
}

/// The usual settings on another data directory; the models are the environment's unless `flags` say otherwise.
fn config(data_dir: &Path, flags: &[(&'static str, String)]) -> pllm_core::Result<Config> {
    let models = std::env::var("PLLM_MODELS").ok().map(|dir| ("PLLM_MODELS".to_owned(), dir));
    let data_dir = ("data_dir", data_dir.display().to_string());
    let flags = std::iter::once(data_dir).chain(flags.iter().cloned()).collect();
    Ok(Config::load(&Layers { file: None, environment: models.into_iter().collect(), flags })?.0)
}

fn flags(limits: &[(&'static str, u64)]) -> impl Iterator<Item = (&'static str, String)> {
    limits.iter().map(|(key, value)| (*key, value.to_string()))
}

/// A service that runs.
pub(crate) struct Fixture {
    pub(crate) port: u16,
    pub(crate) metrics: String,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<pllm_core::Result<()>>,
}

impl Fixture {
    /// With no collection, and no model either: what is asked for here has to work without.
    pub(crate) async fn empty() -> anyhow::Result<Self> {
        Self::limited(&[("ingest.max_file_bytes", 1 << 20)]).await
    }

    /// The same, with these limits.
    pub(crate) async fn limited(limits: &[(&'static str, u64)]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let nowhere = ("models_dir", folder.path().join("models").display().to_string());
        let flags: Vec<_> = flags(limits).chain([nowhere]).collect();
        let app = App::open(config(&folder.path().join("data"), &flags)?, "test").await?;
        Self::serve(app, folder, Options::default()).await
    }

    /// With a page of these files.
    pub(crate) async fn with_page(files: &[(&str, &str)]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let ui = folder.path().join("ui");
        for (name, text) in files {
            let path = ui.join(name);
            std::fs::create_dir_all(path.parent().context("a folder")?)?;
            std::fs::write(path, text)?;
        }
        let app = App::open(config(&folder.path().join("data"), &[])?, "test").await?;
        Self::serve(app, folder, Options { ui_dir: Some(ui) }).await
    }

    /// With these files in the collection `default`.
    pub(crate) async fn with(files: &[(&str, &[u8])]) -> anyhow::Result<Self> {
        Self::with_limits(files, &[]).await
    }

    /// The same, with these limits.
    pub(crate) async fn with_limits(
        files: &[(&str, &[u8])],
        limits: &[(&'static str, u64)],
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let flags: Vec<_> = flags(limits).collect();
        let config = config(&folder.path().join("data"), &flags)?;
        Self::of_files(config, folder, files).await
    }

    /// The same, with a language model, `script`, at an address: the collection `default` of the service there.
    pub(crate) async fn with_llm(files: &[(&str, &[u8])], base_url: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let text = format!("[llm.script]\nbase_url = \"{base_url}\"\nmodel = \"default\"\n");
        let layers = Layers { file: Some(("c.toml".into(), text)), ..Layers::default() };
        let llms = Config::load(&layers)?.0.llms;
        let config = Config { llms, ..config(&folder.path().join("data"), &[])? };
        Self::of_files(config, folder, files).await
    }

    async fn of_files(config: Config, folder: TempDir, files: &[(&str, &[u8])]) -> anyhow::Result<Self> {
        let app = App::open(config, "test").await?;
        let given = folder.path().join("files");
        std::fs::create_dir(&given)?;
        for (name, bytes) in files {
            std::fs::write(given.join(name), bytes)?;
        }
        let cancel = CancelFlag::default();
        let summary =
            app.ingest("default", &[given], IngestOptions::default(), Arc::new(Silent), cancel).await?;
        anyhow::ensure!(summary.failed() == 0, "{summary:?}");
        Self::serve(app, folder, Options::default()).await
    }

    async fn serve(app: App, folder: TempDir, options: Options) -> anyhow::Result<Self> {
        let bound = bind("127.0.0.1", 0, Some(0)).await?;
        let port = bound.url().rsplit(':').next().context("a port")?.parse()?;
        let metrics = bound.metrics_url().context("metrics")?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(bound.serve(app, options, async move {
            let _ = stopped.await;
        }));
        Ok(Self { port, metrics, folder, stop: Some(stop), task })
    }

    pub(crate) async fn send(&self, call: &Call) -> anyhow::Result<Reply> {
        call.send(self.port).await
    }

    /// The JSON at an address.
    pub(crate) async fn get(&self, target: &str) -> anyhow::Result<Value> {
        self.send(&Call::get(target)).await?.json(200)
    }

    /// What a request with a JSON body gets.
    pub(crate) async fn post(&self, target: &str, body: &Value) -> anyhow::Result<Value> {
        self.send(&Call::post(target, body)).await?.json(200)
    }

    /// The source of the collection `default` with this file name.
    pub(crate) async fn source(&self, name: &str) -> anyhow::Result<String> {
        let listed = self.get(&format!("/api/collections/default/sources?query={name}")).await?;
        Ok(listed["sources"][0]["id"].as_str().with_context(|| listed.to_string())?.to_owned())
    }

    /// Asks the service to end.
    pub(crate) fn begin_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Ends the service; an error when it panicked.
    pub(crate) async fn stop(mut self) -> Outcome {
        self.begin_stop();
        Ok(self.task.await??)
    }

    /// Ends the service, and begins another one on the same data with the usual settings.
    pub(crate) async fn restart(mut self) -> anyhow::Result<Self> {
        self.begin_stop();
        self.task.await??;
        let app = App::open(config(&self.folder.path().join("data"), &[])?, "test").await?;
        Self::serve(app, self.folder, Options::default()).await
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

struct Silent;

impl IngestProgress for Silent {
    fn begin(&self, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn file(&self, _: &FileOutcome) {}
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A PDF of one page with these lines, by ISO 32000-1: five objects and their table.
pub(crate) fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -30 Td ")).collect();
    let content = format!("BT /F1 12 Tf 72 700 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let (mut file, mut table) = ("%PDF-1.4\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (n, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let start = file.len();
    file.push_str(&format!(
        "xref\n0 6\n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}
