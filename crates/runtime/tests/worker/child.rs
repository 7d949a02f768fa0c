//! The workers of the tests: some that serve and do as the head of a request says, some that keep no rule.

use pllm_runtime::WorkerPool;
use pllm_runtime::worker::{Allowance, Replies, Request, WorkerCommand, serve};
use std::fmt::Display;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Arc;

/// A pool of workers that play `role`.
pub(crate) fn pool(role: &str, size: usize) -> Arc<WorkerPool> {
    WorkerPool::new(WorkerCommand::this_program("test-worker", &["__worker", role], "doing the work"), size)
}

/// Plays a role until the end.
pub(crate) fn run(role: &str) -> ExitCode {
    const HELLO: &[u8] = br#"{"landlock":"Full","seccomp":"Full"}"#;
    match role {
        "serve" => return serve(&Allowance::default(), obey),
        "reader" => {
            let file = std::env::args().nth(3).map(PathBuf::from);
            return serve(&Allowance { file, threads: true }, obey);
        }
        "stranger" => out(b"running 0 tests\n"),
        "usage-first" => out(&[frame(0, HELLO), frame(4, b"{}")].concat()),
        "no-kind" => out(&[frame(0, HELLO), frame(77, b"x")].concat()),
        "gone" => {
            out(&frame(0, HELLO));
            return ExitCode::from(7);
        }
        _ => return ExitCode::FAILURE,
    }
    // The parent ends it.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    ExitCode::SUCCESS
}

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or_default().to_le_bytes();
    [&[kind][..], &length, payload].concat()
}

fn out(bytes: &[u8]) {
    // A parent that went away sees nothing amiss.
    let _ = std::io::stdout().write_all(bytes).and_then(|()| std::io::stdout().flush());
}

/// Does what the head of a request says.
fn obey(request: &Request, replies: &mut Replies<'_>) -> Vec<u8> {
    let head = String::from_utf8_lossy(&request.head).into_owned();
    let (order, argument) = head.split_once(' ').unwrap_or((&head, ""));
    let number = argument.parse().unwrap_or_default();
    match order {
        "echo" => echo(&request.body, replies),
        "pid" => pid(argument, replies),
        "hang" => hang(),
        "abort" => std::process::abort(),
        "exit" => std::process::exit(number),
        "panic" => panic!("secret words of the document"),
        "memory" => told::<_, String>(Ok(touch(number))),
        "stack" => told::<_, String>(Ok(deep(0))),
        "noise" => {
            let line = "noise ".repeat(200);
            told((0..1000).try_for_each(|_| std::io::stderr().write_all(line.as_bytes())).map(|()| "quiet"))
        }
        "flood" => told((0..).try_for_each(|_: u32| replies.send(&[&[7; 4096]])).map(|()| "")),
        "open" => told(std::fs::read_to_string(argument)),
        "write" => told(std::fs::write(argument, "x").map(|()| "written")),
        "remove" => told(std::fs::remove_file(argument).map(|()| "removed")),
        "connect" => told(TcpStream::connect(argument).map(|_| "connected")),
        "run" => told(Command::new(argument).spawn().map(|_| "runs")),
        "thread" => told(
            std::thread::Builder::new()
                .spawn(|| {})
                .map(|_| "runs")
                .map_err(|error| format!("{:?}", error.kind())),
        ),
        _ => told::<&str, _>(Err("no such order")),
    }
}

fn told<T: Display, E: Display>(outcome: Result<T, E>) -> Vec<u8> {
    match outcome {
        Ok(value) => value.to_string().into_bytes(),
        Err(error) => format!("refused: {error}").into_bytes(),
    }
}

fn echo(body: &[u8], replies: &mut Replies<'_>) -> Vec<u8> {
    told(body.chunks(3).try_for_each(|piece| replies.send(&[piece, b"!"])).map(|()| "echoed"))
}

/// Tells which process it is, at once: what is sent behind it fills the buffer.
fn pid(then: &str, replies: &mut Replies<'_>) -> Vec<u8> {
    let id = std::process::id().to_string();
    let sent = replies.send(&[id.as_bytes()]).and_then(|()| replies.send(&[&[0; 1 << 17]]));
    if then == "hang" { hang() } else { told(sent.map(|()| "")) }
}

fn hang() -> ! {
    loop {
        black_box(0);
    }
}

/// Makes so many MiB resident.
fn touch(mib: i32) -> usize {
    let block = vec![1_u8; usize::try_from(mib).unwrap_or_default() << 20];
    black_box(&block).len()
}

/// Never ends by itself.
fn deep(depth: u64) -> u64 {
    let room = black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { deep(depth + 1) + room[1] }
}
