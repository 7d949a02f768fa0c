//! The settings: built-in, then file, then environment, then flags; the same order everywhere.

mod settings;

pub use settings::{SETTINGS, Setting};

use crate::llms::LlmSettings;
use pllm_core::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use toml::Value;

/// The settings, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Directory of everything that is stored.
    pub data_dir: PathBuf,
    /// Directory of model files.
    pub models_dir: PathBuf,
    /// Threads for computing, at least 1.
    pub threads: usize,
    /// Largest file that is read, bytes.
    pub max_file_bytes: u64,
    /// Longest time that reading a file may take, seconds, without what its size adds.
    pub max_seconds: u64,
    /// Most memory that reading a file may take, MiB, without what its size adds.
    pub max_memory_mb: u64,
    /// Most tokens a Document.
    pub chunk_tokens: usize,
    /// Documents that a search gives.
    pub search_top_k: usize,
    /// The language model that writes where a question names none; empty = none.
    pub ask_llm: String,
    /// Days that the trace of an answer is kept; 0 = none is kept.
    pub trace_days: u64,
    /// How much the service does at a time.
    pub server: ServerConfig,
    /// Language models behind addresses, by the names that the file gives them.
    pub llms: BTreeMap<String, LlmSettings>,
}

/// How much the service does at a time; what is beyond is told to come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    /// Most bytes of all files of one upload together.
    pub max_upload_bytes: u64,
    /// Most files of one upload.
    pub max_upload_files: usize,
    /// Questions that are answered at the same time.
    pub max_asks: usize,
    /// Streams of events that are open at the same time.
    pub max_streams: usize,
    /// Jobs that wait for their turn.
    pub max_queued_jobs: u64,
    /// Connections at the same time.
    pub max_connections: usize,
    /// How long a client may take for the head of a request, send nothing in the middle of one, or read nothing of the response.
    pub client_time: Duration,
    /// How long what is under way may go on after the service was told to end.
    pub stop_time: Duration,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The product itself.
    BuiltIn,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(&'static str),
    /// A command line flag.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// The layers above the built-in values.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// The file's path and text, if there is one.
    pub file: Option<(PathBuf, String)>,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// Flags, by setting key.
    pub flags: BTreeMap<&'static str, String>,
}

/// A setting's value with its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// The setting's key.
    pub key: &'static str,
    /// Its value.
    pub value: Value,
    /// Where it came from.
    pub origin: Origin,
}

impl Config {
    /// Merges the layers and checks everything.
    ///
    /// # Errors
    /// `InvalidInput` listing every fault with its origin and key, a line each.
    pub fn load(layers: &Layers) -> Result<(Self, Vec<Effective>)> {
        let mut faults = Vec::new();
        let effective = merge(layers, &mut faults);
        let llms = layers.file.as_ref().map(|(path, text)| llms(path, text, &mut faults));
        let config = Self::checked(&effective, llms.unwrap_or_default(), &mut faults);
        match config {
            Some(config) if faults.is_empty() => Ok((config, effective)),
            _ => {
                let message =
                    format!("the configuration has {} fault(s):\n  {}", faults.len(), faults.join("\n  "));
                Err(Error::new(ErrorKind::InvalidInput, "app.config", message)
                    .hint("`pllm config show` lists every setting"))
            }
        }
    }

    fn checked(
        effective: &[Effective],
        llms: BTreeMap<String, LlmSettings>,
        faults: &mut Vec<String>,
    ) -> Option<Self> {
        // All are looked at before the first fault ends it.
        let mut take = Taker { effective, faults };
        let (data_dir, models_dir) = (take.path("data_dir"), take.path("models_dir"));
        let threads = take.count("threads", 0, 256).map(|threads| match threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            some => some,
        });
        let max_file_bytes = take.number("ingest.max_file_bytes", 1, 1 << 40);
        let max_seconds = take.number("ingest.max_seconds", 1, 86_400);
        let max_memory_mb = take.number("ingest.max_memory_mb", 64, 65_536);
        let chunk_tokens = take.count("ingest.chunk_tokens", 32, 8192);
        let search_top_k = take.count("search.top_k", 1, 100);
        let ask_llm = take.text("ask.llm");
        let trace_days = take.number("trace.days", 0, 3650);
        let server = ServerConfig::checked(&mut take, threads);
        Some(Self {
            data_dir: data_dir?,
            models_dir: models_dir?,
            threads: threads?,
            max_file_bytes: max_file_bytes?,
            max_seconds: max_seconds?,
            max_memory_mb: max_memory_mb?,
            chunk_tokens: chunk_tokens?,
            search_top_k: search_top_k?,
            ask_llm: ask_llm?,
            trace_days: trace_days?,
            server: server?,
            llms,
        })
    }
}

impl ServerConfig {
    fn checked(take: &mut Taker<'_>, threads: Option<usize>) -> Option<Self> {
        let max_upload_bytes = take.number("server.max_upload_bytes", 1, 1 << 40);
        let max_upload_files = take.count("server.max_upload_files", 1, 100_000);
        let max_asks = take.count("server.max_asks", 0, 1024);
        let max_streams = take.count("server.max_streams", 1, 4096);
        let max_queued_jobs = take.number("server.max_queued_jobs", 1, 100_000);
        let max_connections = take.count("server.max_connections", 1, 65_536);
        let client_seconds = take.number("server.client_seconds", 1, 3600);
        let stop_seconds = take.number("server.stop_seconds", 1, 3600);
        Some(Self {
            max_upload_bytes: max_upload_bytes?,
            max_upload_files: max_upload_files?,
            max_asks: if max_asks? == 0 { 2 * threads? } else { max_asks? },
            max_streams: max_streams?,
            max_queued_jobs: max_queued_jobs?,
            max_connections: max_connections?,
            client_time: Duration::from_secs(client_seconds?),
            stop_time: Duration::from_secs(stop_seconds?),
        })
    }
}

struct Taker<'a> {
    effective: &'a [Effective],
    faults: &'a mut Vec<String>,
}

impl Taker<'_> {
    fn fault<T>(&mut self, entry: &Effective, expected: &str) -> Option<T> {
        self.faults.push(format!("{} = {} ({}), expected {expected}", entry.key, entry.value, entry.origin));
        None
    }

    fn entry(&self, key: &str) -> Option<Effective> {
        self.effective.iter().find(|entry| entry.key == key).cloned()
    }

    fn path(&mut self, key: &str) -> Option<PathBuf> {
        let entry = self.entry(key)?;
        match entry.value.as_str() {
            Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
            _ => self.fault(&entry, "a path"),
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let entry = self.entry(key)?;
        match entry.value.as_str() {
            Some(text) => Some(text.trim().to_owned()),
            None => self.fault(&entry, "a text"),
        }
    }

    fn count(&mut self, key: &str, low: u64, high: u64) -> Option<usize> {
        self.number(key, low, high).and_then(|number| usize::try_from(number).ok())
    }

    fn number(&mut self, key: &str, low: u64, high: u64) -> Option<u64> {
        let entry = self.entry(key)?;
        match entry
            .value
            .as_integer()
            .and_then(|n| u64::try_from(n).ok())
            .filter(|n| (low..=high).contains(n))
        {
            Some(number) => Some(number),
            None => self.fault(&entry, &format!("a number from {low} to {high}")),
        }
    }
}

fn merge(layers: &Layers, faults: &mut Vec<String>) -> Vec<Effective> {
    let file = layers.file.as_ref().map(|(path, text)| (path, file_values(path, text, faults)));
    let layered = |setting: &Setting| {
        let mut effective =
            Effective { key: setting.key, value: setting.default_value(), origin: Origin::BuiltIn };
        if let Some((path, values)) = &file
            && let Some(value) = values.get(setting.key)
        {
            effective =
                Effective { value: value.clone(), origin: Origin::File((*path).clone()), ..effective };
        }
        if let Some(text) = layers.environment.get(setting.env) {
            let value = like(&effective.value, text);
            effective = Effective { value, origin: Origin::Environment(setting.env), ..effective };
        }
        if let Some(text) = layers.flags.get(setting.key) {
            effective = Effective { value: like(&effective.value, text), origin: Origin::Flag, ..effective };
        }
        effective
    };
    SETTINGS.iter().map(layered).collect()
}

/// The file's values by dotted key; unknown keys and a file that does not parse are faults.
fn file_values(path: &std::path::Path, text: &str, faults: &mut Vec<String>) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    match text.parse::<toml::Table>() {
        Ok(table) => flatten("", table, &mut values),
        Err(error) => {
            faults.push(format!("{}: {}", path.display(), error.to_string().trim_end().replace('\n', " ")));
        }
    }
    for key in values.keys() {
        if !key.starts_with(LLM_TABLES) && !SETTINGS.iter().any(|setting| setting.key == key) {
            faults.push(format!("{}: unknown setting {key}", path.display()));
        }
    }
    values
}

/// Where the tables of language models begin: `[llm.NAME]`.
const LLM_TABLES: &str = "llm.";

/// The file's language models; what is wrong with one is a fault. That the file does not parse is told elsewhere.
fn llms(path: &std::path::Path, text: &str, faults: &mut Vec<String>) -> BTreeMap<String, LlmSettings> {
    let Ok(mut file) = text.parse::<toml::Table>() else { return BTreeMap::new() };
    let Some(Value::Table(tables)) = file.remove("llm") else { return BTreeMap::new() };
    let mut llms = BTreeMap::new();
    for (name, table) in tables {
        let read =
            table.try_into::<LlmSettings>().map_err(|error| error.to_string().trim().replace('\n', " "));
        match read.and_then(|settings| settings.fault().map_or(Ok(settings), Err)) {
            Ok(settings) => {
                llms.insert(name, settings);
            }
            Err(fault) => faults.push(format!("{}: llm.{name}: {fault}", path.display())),
        }
    }
    llms
}

fn flatten(prefix: &str, table: toml::Table, values: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        match value {
            Value::Table(inner) => flatten(&format!("{prefix}{key}."), inner, values),
            other => {
                values.insert(format!("{prefix}{key}"), other);
            }
        }
    }
}

/// Text from environment or flag as a value of the kind the setting has; what does not read stays text and is a fault later.
fn like(example: &Value, text: &str) -> Value {
    match example {
        Value::Integer(_) => {
            text.trim().parse().map_or_else(|_| Value::String(text.to_owned()), Value::Integer)
        }
        _ => Value::String(text.to_owned()),
    }
}

fn path_value(path: Option<PathBuf>) -> Value {
    Value::String(path.map(|path| path.display().to_string()).unwrap_or_default())
}

fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok()
}

/// The models that came with the program.
fn own_models() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    Some(program.parent()?.join("models")).filter(|models| models.is_dir())
}

fn cache_dir() -> Option<PathBuf> {
    std::env::var_os("PLLM_CACHE").map(PathBuf::from).or_else(|| home().map(|home| home.join(".cache/pllm")))
}

/// Where the configuration file is looked for when none is named.
#[must_use]
pub fn default_file() -> Option<PathBuf> {
    home().map(|home| home.join(".config/pllm/config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(file: &str, environment: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Layers {
        Layers {
            file: Some((PathBuf::from("c.toml"), file.to_owned())),
            environment: environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            flags: flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect(),
        }
    }

    #[test]
    fn a_higher_layer_wins() -> Result<()> {
        let check = |layers: &Layers, expected: usize, origin: &str| -> Result<()> {
            let (config, effective) = Config::load(layers)?;
            assert_eq!(config.search_top_k, expected);
            let entry = effective.iter().find(|entry| entry.key == "search.top_k").expect("listed");
            assert_eq!(entry.origin.to_string(), origin);
            Ok(())
        };
        let (file, env, flag) =
            ("[search]\ntop_k = 11", [("PLLM_SEARCH_TOP_K", "12")], [("search.top_k", "13")]);
        check(&layers("", &[], &[]), 10, "built in")?;
        check(&layers(file, &[], &[]), 11, "file c.toml")?;
        check(&layers(file, &env, &[]), 12, "environment PLLM_SEARCH_TOP_K")?;
        check(&layers(file, &env, &flag), 13, "flag")
    }

    #[test]
    fn the_tables_of_the_file_and_what_threads_make_of_it() -> Result<()> {
        let (config, _) = Config::load(&layers("threads = 3\n[server]\nclient_seconds = 5", &[], &[]))?;
        assert_eq!((config.server.max_asks, config.server.client_time), (6, Duration::from_secs(5)));
        let (config, _) = Config::load(&layers("threads = 3", &[("PLLM_SERVER_MAX_ASKS", "1")], &[]))?;
        assert_eq!(config.server.max_asks, 1);
        Ok(())
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let file = "threads = -1\n[serach]\ntop_k = 3\n[server]\nmax_streams = 0\nstop_seconds = 4000";
        let broken = layers(file, &[("PLLM_SEARCH_TOP_K", "many")], &[]);
        let message = Config::load(&broken).expect_err("refused").to_string();
        for part in [
            "threads = -1 (file c.toml)",
            "unknown setting serach.top_k",
            "search.top_k = \"many\" (environment",
            "server.max_streams = 0 (file c.toml), expected a number from 1 to 4096",
            "server.stop_seconds = 4000 (file c.toml), expected a number from 1 to 3600",
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
    }
}
