//! Everything the product can be told outside of a command: the one table.

use super::{cache_dir, home, own_models, path_value};
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
pub const SETTINGS: [Setting; 18] = [
    Setting {
        key: "data_dir",
        env: "PLLM_DATA_DIR",
        doc: "directory of everything that is stored",
        default: || path_value(home().map(|home| home.join(".local/share/pllm"))),
    },
    Setting {
        key: "models_dir",
        env: "PLLM_MODELS",
        doc: "directory of model files; `models` beside the program where that is there",
        default: || path_value(own_models().or_else(|| cache_dir().map(|cache| cache.join("models")))),
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
    Setting {
        key: "ask.llm",
        env: "PLLM_ASK_LLM",
        doc: "language model that writes where a question names none; empty = none. Those behind an address are tables [llm.NAME]",
        default: || Value::String(String::new()),
    },
    Setting {
        key: "trace.days",
        env: "PLLM_TRACE_DAYS",
        doc: "days that the trace of an answer is kept, with its question, 0 to 3650; 0 = none is kept",
        default: || Value::Integer(30),
    },
    Setting {
        key: "server.max_upload_bytes",
        env: "PLLM_SERVER_MAX_UPLOAD_BYTES",
        doc: "most bytes of all files of one upload together, 1 to 2^40; of each file see ingest.max_file_bytes",
        default: || Value::Integer(4 << 30),
    },
    Setting {
        key: "server.max_upload_files",
        env: "PLLM_SERVER_MAX_UPLOAD_FILES",
        doc: "most files of one upload, 1 to 100000",
        default: || Value::Integer(1000),
    },
    Setting {
        key: "server.max_asks",
        env: "PLLM_SERVER_MAX_ASKS",
        doc: "questions that are answered at the same time, 1 to 1024; four times as many wait for their turn; 0 = two a thread",
        default: || Value::Integer(0),
    },
    Setting {
        key: "server.max_streams",
        env: "PLLM_SERVER_MAX_STREAMS",
        doc: "streams of events that are open at the same time, 1 to 4096",
        default: || Value::Integer(64),
    },
    Setting {
        key: "server.max_queued_jobs",
        env: "PLLM_SERVER_MAX_QUEUED_JOBS",
        doc: "jobs that wait for their turn, 1 to 100000",
        default: || Value::Integer(100),
    },
    Setting {
        key: "server.max_connections",
        env: "PLLM_SERVER_MAX_CONNECTIONS",
        doc: "connections at the same time, 1 to 65536; more are accepted when some of them end",
        default: || Value::Integer(512),
    },
    Setting {
        key: "server.client_seconds",
        env: "PLLM_SERVER_CLIENT_SECONDS",
        doc: "how long a client may take for the head of a request, send nothing in the middle of one, or read nothing of the response, seconds, 1 to 3600",
        default: || Value::Integer(30),
    },
    Setting {
        key: "server.stop_seconds",
        env: "PLLM_SERVER_STOP_SECONDS",
        doc: "how long what is under way may go on after the service was told to end, seconds, 1 to 3600",
        default: || Value::Integer(10),
    },
];
