//! The command line: every command with help that teaches.

use crate::exit;
use clap::builder::NonEmptyStringValueParser as NotEmpty;
use clap::{Args, Parser, Subcommand, ValueEnum};
use pllm_app::ask::Mode;
use pllm_app::collections::DEFAULT_COLLECTION;
use pllm_core::converter::Passwords;
use std::path::PathBuf;

/// Personal LLM: ask your own documents, get answers with checked citations.
///
/// Everything stays on this computer: `pllm ingest` reads your files into a library, `pllm ask` answers from it and shows the
/// sentence each answer rests on. No network and no LLM is needed.
///
/// First steps:
///   pllm ingest ~/Documents/flat
///   pllm ask "How long is the notice period?"
///   pllm search "deposit" --filter 'type = "md"'
#[derive(Debug, Parser)]
#[command(name = "pllm", version, verbatim_doc_comment, after_long_help = exit::HELP, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Directory of everything that is stored [env: `PLLM_DATA_DIR`]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Configuration file; default `~/.config/pllm/config.toml` where it is there
    #[arg(long, global = true, value_name = "FILE", env = "PLLM_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Print JSON for scripts; errors too, on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No progress bars
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Log more to standard error; twice for even more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Ingest(IngestArguments),
    Convert(ConvertArguments),
    Search(SearchArguments),
    Ask(AskArguments),
    Trace(TraceArguments),
    /// Make, list, show and delete collections (named libraries)
    #[command(subcommand)]
    Collections(CollectionsCommand),
    /// List, show and delete the files of a collection
    #[command(subcommand)]
    Sources(SourcesCommand),
    Eval(EvalArguments),
    /// List and check language models
    #[command(subcommand)]
    Llms(LlmsCommand),
    /// List, load and check model files
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Show and check the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check this installation: data directory, stores, models, processor
    Doctor,
    Serve(ServeArguments),
    /// Check and show pipeline files
    #[command(subcommand)]
    Pipeline(PipelineCommand),
}

/// Which collection.
#[derive(Debug, Args)]
pub(crate) struct InCollection {
    /// The collection
    #[arg(long, short, value_name = "NAME", env = "PLLM_COLLECTION", default_value = DEFAULT_COLLECTION, value_parser = NotEmpty::new())]
    pub(crate) collection: String,
}

/// Which Documents.
#[derive(Debug, Args)]
pub(crate) struct Filtered {
    /// Only documents whose metadata match: `year >= 2020 and topic = "tax"`, or Haystack's JSON
    #[arg(long, value_name = "CONDITION")]
    pub(crate) filter: Option<String>,
}

/// Read files and folders into a collection
///
/// A file that was ingested before and has not changed is left alone; one that has changed is replaced. A file that cannot be
/// read is named with the reason, and the others go on. Ctrl-C stops after the files that are finished.
///
/// Tables (csv, tsv, json and jsonl with rows) are datasets: every row is a source of its own, with its columns as metadata.
///   pllm ingest faq.csv --content question,answer --meta topic,year --id key
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct IngestArguments {
    /// Files and folders; folders are read with everything below them that is not hidden
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) collection: InCollection,
    /// Metadata for every document of these files, e.g. `--set year=2024 --set topic=tax`; text in quotes stays text
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Tables: the columns that make the text, `column: value` a line; default all
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) content: Vec<String>,
    /// Tables: the columns to filter by; default the rest
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) meta: Vec<String>,
    /// Tables: the column that tells rows apart when the file is ingested again; default the row's number
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) passwords: PasswordArguments,
}

/// Print the text of files, without a library
///
/// Files are read as `pllm ingest` reads them, each by a process that can reach nothing but that file; nothing is stored. With
/// `--jsonl` every file is one line, in order, whatever becomes of it:
///   {"file","status","text","seconds","rss_mb","report"}, status ok, error, password or empty; "error" says why, where it is not ok
///   pllm convert ~/Documents --jsonl > texts.jsonl
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ConvertArguments {
    /// Files and folders; folders are read with everything below them that is not hidden
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Print a line of JSON for each file; of a table, the texts of its rows with a blank line between them
    #[arg(long)]
    pub(crate) jsonl: bool,
    #[command(flatten)]
    pub(crate) passwords: PasswordArguments,
}

/// What opens protected files.
#[derive(Debug, Args)]
pub(crate) struct PasswordArguments {
    /// A password to try on protected files; may be given several times. Other users of this computer see it while the command runs
    #[arg(long, value_name = "TEXT")]
    password: Vec<String>,
    /// A file of passwords to try, one a line
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl PasswordArguments {
    /// All of them, those of the command line first.
    pub(crate) fn read(&self) -> anyhow::Result<Passwords> {
        let text = self.password_file.as_deref().map(crate::commands::read_text).transpose()?;
        let lines = text.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty());
        Ok(Passwords(self.password.iter().cloned().chain(lines.map(str::to_owned)).collect()))
    }
}

/// How to retrieve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeArgument {
    /// By words and by meaning
    Hybrid,
    /// By words alone
    Keyword,
    /// By meaning alone
    Dense,
}

impl From<ModeArgument> for Mode {
    fn from(mode: ModeArgument) -> Self {
        match mode {
            ModeArgument::Hybrid => Self::Hybrid,
            ModeArgument::Keyword => Self::Keyword,
            ModeArgument::Dense => Self::Dense,
        }
    }
}

/// Find the passages that fit a question best
#[derive(Debug, Args)]
pub(crate) struct SearchArguments {
    /// The question or words to look for
    pub(crate) query: String,
    #[command(flatten)]
    pub(crate) collection: InCollection,
    #[command(flatten)]
    pub(crate) filtered: Filtered,
    /// Most passages
    #[arg(long, short = 'k', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) top_k: Option<u16>,
    /// How to retrieve
    #[arg(long, value_enum, default_value = "hybrid")]
    pub(crate) mode: ModeArgument,
}

/// Answer a question from the documents, with the sentences that the answer rests on
///
/// Every quote is byte for byte in the stored text of the file it names. When the documents do not say, so does the answer,
/// and the nearest passages are shown.
#[derive(Debug, Args)]
pub(crate) struct AskArguments {
    /// The question
    pub(crate) question: String,
    #[command(flatten)]
    pub(crate) collection: InCollection,
    #[command(flatten)]
    pub(crate) filtered: Filtered,
    /// How to retrieve
    #[arg(long, value_enum, default_value = "hybrid")]
    pub(crate) mode: ModeArgument,
    /// Give up after this many seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<f64>,
    /// Let this language model write under the answer: a name of `pllm llms list`, or the path of a .gguf file
    #[arg(long, value_name = "NAME", conflicts_with = "no_llm")]
    pub(crate) llm: Option<String>,
    /// Let no language model write, whatever the settings say
    #[arg(long)]
    pub(crate) no_llm: bool,
}

/// Show how an answer came about
///
/// What was found, with both ranks; what the reader made of it; what a language model was told and wrote; what was left out, and
/// why. Text of documents is read from their stored text: of a source that was deleted or replaced since, nothing is shown. Traces
/// are kept for 30 days (`trace.days`, 0 = none). Without a number, the questions that were asked are listed, newest first.
#[derive(Debug, Args)]
pub(crate) struct TraceArguments {
    /// The number that `pllm ask` told
    #[arg(conflicts_with_all = ["clear", "collection", "limit"])]
    pub(crate) id: Option<i64>,
    /// Ask the question again, and tell whether every rank is as it was
    #[arg(long, requires = "id")]
    pub(crate) replay: bool,
    /// Remove all traces, with their questions
    #[arg(long, conflicts_with = "limit")]
    pub(crate) clear: bool,
    /// List or remove only those of this collection
    #[arg(long, short, value_name = "NAME", value_parser = NotEmpty::new())]
    pub(crate) collection: Option<String>,
    /// Most traces of the list; without it 20
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: Option<u16>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LlmsCommand {
    /// List the language models that can be asked, and where text goes for them
    List,
    /// Ask a language model whether it is there
    Check {
        /// A name of the list, or the path of a .gguf file
        #[arg(value_parser = NotEmpty::new())]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CollectionsCommand {
    /// Make a collection
    Create {
        /// Its name
        #[arg(value_parser = NotEmpty::new())]
        name: String,
        /// Its languages by ISO 639-1 code, main language first, e.g. `de,en`; default: told by its documents
        #[arg(long, value_name = "CODES", value_delimiter = ',')]
        language: Vec<String>,
        /// Send its text to no language model on another computer
        #[arg(long)]
        local_only: bool,
    },
    /// List the collections
    List,
    /// Show what a collection holds and where it lies
    Show {
        /// Its name
        #[arg(value_parser = NotEmpty::new())]
        name: String,
    },
    /// Change settings of a collection
    #[command(group = clap::ArgGroup::new("change").required(true).multiple(true))]
    Set {
        /// Its name
        #[arg(value_parser = NotEmpty::new())]
        name: String,
        /// Whether its text is sent to no language model on another computer
        #[arg(long, value_name = "BOOL", group = "change")]
        local_only: Option<bool>,
        /// What a language model is told: a Jinja template; `pllm pipeline show prompt` prints the shipped one
        #[arg(long, value_name = "FILE", group = "change")]
        prompt: Option<PathBuf>,
        /// Tell a language model what the shipped template says again
        #[arg(long, group = "change", conflicts_with = "prompt")]
        shipped_prompt: bool,
    },
    /// Delete a collection with everything in it
    Delete {
        /// Its name
        #[arg(value_parser = NotEmpty::new())]
        name: String,
    },
}

/// What of a file's text to show
#[derive(Debug, Args)]
pub(crate) struct ShownContent {
    /// Print the canonical text, which every citation points into
    #[arg(long)]
    pub(crate) text: bool,
    /// Print the text of one page, from 1; with --json also where its lines stand
    #[arg(long, value_name = "N", conflicts_with = "text")]
    pub(crate) page: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// List the files; with a filter, the files and table rows whose metadata match
    List {
        #[command(flatten)]
        collection: InCollection,
        #[command(flatten)]
        filtered: Filtered,
        /// List the rows of tables too
        #[arg(long)]
        rows: bool,
    },
    /// Show a file: metadata, what was read, and its text
    Show {
        /// Its id, a beginning of it, its path or its file name
        #[arg(value_parser = NotEmpty::new())]
        source: String,
        #[command(flatten)]
        collection: InCollection,
        #[command(flatten)]
        content: ShownContent,
    },
    /// Delete files: text, vectors, originals, metadata
    Delete {
        /// Ids, beginnings of them, paths or file names
        #[arg(required = true, value_parser = NotEmpty::new())]
        sources: Vec<String>,
        #[command(flatten)]
        collection: InCollection,
    },
}

/// Measure how good retrieval and answers are, on an evaluation set or on your own documents
///
/// A set is a folder with corpus.jsonl, queries.jsonl and qrels.tsv; it is read into a throw-away collection. Your own
/// questions are a file of JSON lines: {"id","question","answers":[…],"answerable":true,"gold":[{"file","quote"}]}.
/// Both take the same path as `pllm ask`.
///   pllm eval --set data/sets/cranfield --out results
///   pllm eval --collection default --questions questions.jsonl
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["set", "questions"]))]
pub(crate) struct EvalArguments {
    /// The folder of an evaluation set
    #[arg(long, value_name = "DIR")]
    pub(crate) set: Option<PathBuf>,
    /// A file of questions on a collection
    #[arg(long, value_name = "FILE")]
    pub(crate) questions: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) collection: InCollection,
    /// Where to write run.jsonl and answers.jsonl
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Give the relevant documents to the reader, without retrieval
    #[arg(long, conflicts_with_all = ["questions", "retrieval_only"])]
    pub(crate) given: bool,
    /// Measure retrieval alone, without reading and answering
    #[arg(long)]
    pub(crate) retrieval_only: bool,
    /// How to retrieve
    #[arg(long, value_enum, default_value = "hybrid")]
    pub(crate) mode: ModeArgument,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    Human,
    /// A JSON object a line
    Json,
}

/// Serve the page and the API to the browser of this computer
///
/// Only addresses of this computer are listened on, and every account of it can open the page. From another device:
///   ssh -L 8080:127.0.0.1:8080 THIS-COMPUTER
/// and open http://localhost:8080 there. Every other command goes on as ever: as long as the service runs, it is the service that
/// carries it out. Where one runs already on this data directory, its address is told. Ctrl-C and SIGTERM end it after what is
/// under way; the log names routes, never documents, questions or files.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ServeArguments {
    /// The address to listen on: 127.0.0.1, `::1` or localhost
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// The port to listen on; 0 = any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub(crate) port: u16,
    /// Open the page in the browser
    #[arg(long)]
    pub(crate) open: bool,
    /// How the log on standard error is written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) log_format: LogFormat,
    /// Give Prometheus figures at /metrics on this port
    #[arg(long, value_name = "PORT")]
    pub(crate) metrics_port: Option<u16>,
    /// Serve the page from this folder instead of the one built in
    #[arg(long, value_name = "DIR")]
    pub(crate) ui_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// List the models of the catalogue and which of them are here
    List,
    /// Load a model by URL and SHA-256 from the catalogue; the one command that uses the network
    Pull {
        /// Its name
        #[arg(default_value = pllm_app::DEFAULT_EMBEDDER)]
        name: String,
        /// Take its files from this folder instead of the network
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// Hash the files of the models that are here and compare
    Verify {
        /// Its name; default all that are here
        name: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show every setting
    Show {
        /// Show where each value came from, and what it means
        #[arg(long)]
        origin: bool,
    },
    /// Check the settings; every fault is listed
    Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PipelineCommand {
    /// Check a pipeline file; every fault is listed with its line
    Check {
        /// The file
        file: PathBuf,
    },
    /// Show a shipped pipeline (index, ask, extract), the prompt template (prompt), or all kinds of components
    Show {
        /// The pipeline; without it, the kinds of components
        name: Option<String>,
    },
}
