//! The settings: built-in, then file, then environment, then flags; the same order everywhere.

use pllm_core::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use toml::Value;

/// One setting: everything the product can be told outside of a command.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in the file; the part before a dot is the table.
    pub key: &'static str,
    /// Its environment variable.
    pub env: &'static str,
    /// What it is, with unit and range.
    pub doc: &'static str,
    default: fn() -> Value,
}

impl Setting {
    /// The built-in value.
    #[must_use]
    pub fn default_value(&self) -> Value {
        (self.default)()
    }
}

/// Every setting, in the order of the documentation.
pub const SETTINGS: [Setting; 8] = [
    Setting {
        key: "data_dir",
        env: "PLLM_DATA_DIR",
        doc: "directory of everything that is stored",
        default: || path_value(home().map(|home| home.join(".local/share/pllm"))),
    },
    Setting {
        key: "models_dir",
        env: "PLLM_MODELS",
        doc: "directory of model files",
        default: || path_value(cache_dir().map(|cache| cache.join("models"))),
    },
    Setting {
        key: "threads",
        env: "PLLM_THREADS",
        doc: "threads for computing, 1 to 256; 0 = one a core",
        default: || Value::Integer(0),
    },
    Setting {
        key: "ingest.max_file_bytes",
        env: "PLLM_INGEST_MAX_FILE_BYTES",
        doc: "largest file that is read, bytes",
        default: || Value::Integer(256 << 20),
    },
    Setting {
        key: "ingest.max_seconds",
        env: "PLLM_INGEST_MAX_SECONDS",
        doc: "longest time that reading a file may take, seconds, and 1 s more for each MB of it; 1 to 86400",
        default: || Value::Integer(60),
    },
    Setting {
        key: "ingest.max_memory_mb",
        env: "PLLM_INGEST_MAX_MEMORY_MB",
        doc: "most memory that reading a file may take, MiB, and 64 times its size (8 times what is beyond 16 MiB); 64 to 65536",
        default: || Value::Integer(240),
    },
    Setting {
        key: "ingest.chunk_tokens",
        env: "PLLM_INGEST_CHUNK_TOKENS",
        doc: "most tokens a Document, title and headings included, 32 to the embedder's window",
        default: || Value::Integer(200),
    },
    Setting {
        key: "search.top_k",
        env: "PLLM_SEARCH_TOP_K",
        doc: "Documents that a search gives, 1 to 100",
        default: || Value::Integer(10),
    },
];

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
        let config = Self::checked(&effective, &mut faults);
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

    fn checked(effective: &[Effective], faults: &mut Vec<String>) -> Option<Self> {
        let mut take = Taker { effective, faults };
        let (data_dir, models_dir) = (take.path("data_dir"), take.path("models_dir"));
        let threads = take.number("threads", 0, 256);
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Some(Self {
            max_file_bytes: take.number("ingest.max_file_bytes", 1, 1 << 40)?,
            max_seconds: take.number("ingest.max_seconds", 1, 86_400)?,
            max_memory_mb: take.number("ingest.max_memory_mb", 64, 65_536)?,
            chunk_tokens: usize::try_from(take.number("ingest.chunk_tokens", 32, 8192)?).ok()?,
            search_top_k: usize::try_from(take.number("search.top_k", 1, 100)?).ok()?,
            threads: match usize::try_from(threads?).ok()? {
                0 => cores(),
                some => some,
            },
            data_dir: data_dir?,
            models_dir: models_dir?,
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
        if !SETTINGS.iter().any(|setting| setting.key == key) {
            faults.push(format!("{}: unknown setting {key}", path.display()));
        }
    }
    values
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
    fn every_fault_is_named_at_once() {
        let broken = layers("threads = -1\n[serach]\ntop_k = 3", &[("PLLM_SEARCH_TOP_K", "many")], &[]);
        let message = Config::load(&broken).expect_err("refused").to_string();
        for part in [
            "threads = -1 (file c.toml)",
            "unknown setting serach.top_k",
            "search.top_k = \"many\" (environment",
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
    }
}
