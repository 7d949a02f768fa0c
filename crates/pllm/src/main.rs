//! The `pllm` binary: command line, configuration, logging, signals.

mod arguments;
mod commands;
mod exit;
mod library;
mod output;
mod progress;
mod remote;
mod session;

use arguments::{Arguments, Command, LogFormat};
use clap::Parser;
use session::Session;
use std::io::IsTerminal;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = pllm_llama::worker_child().or_else(pllm_app::conversion::worker_child) {
        return code;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::usage(&error),
    };
    start_log(&arguments);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return exit::failed(&anyhow::Error::from(error), arguments.global.json),
    };
    let json = arguments.global.json;
    match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(error) => exit::failed(&error, json),
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let session = Session::new(arguments.global);
    match arguments.command {
        Command::Ingest(arguments) => commands::ingest::run(&session, arguments).await,
        Command::Convert(arguments) => commands::convert::run(&session, arguments).await,
        Command::Search(arguments) => commands::search::run(&session, arguments).await,
        Command::Ask(arguments) => commands::ask::run(&session, arguments).await,
        Command::Trace(arguments) => commands::trace::run(&session, arguments).await,
        Command::Collections(command) => commands::collections::run(&session, command).await,
        Command::Sources(command) => commands::sources::run(&session, command).await,
        Command::Eval(arguments) => commands::eval::run(&session, arguments).await,
        Command::Llms(command) => commands::llms::run(&session, command).await,
        Command::Models(command) => commands::models::run(&session, command).await,
        Command::Config(command) => commands::config::run(&session, &command),
        Command::Serve(arguments) => commands::serve::run(&session, arguments).await,
        Command::Doctor => commands::doctor::run(&session).await,
        Command::Pipeline(command) => commands::pipeline::run(&session, &command),
    }
}

/// Logs go to standard error, so that standard output is the answer alone. Content of documents is never logged.
/// A service tells each request, with the time; a command is watched by somebody who knows it.
fn start_log(arguments: &Arguments) {
    let format = match &arguments.command {
        Command::Serve(serve) => Some(serve.log_format),
        _ => None,
    };
    let level = usize::from(arguments.global.verbose) + usize::from(format.is_some());
    let level = ["warn", "info", "debug"][level.min(2)];
    let filter = tracing_subscriber::EnvFilter::try_from_env("PLLM_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    match format {
        None => log.without_time().init(),
        Some(LogFormat::Human) => log.init(),
        Some(LogFormat::Json) => log.json().init(),
    }
}
