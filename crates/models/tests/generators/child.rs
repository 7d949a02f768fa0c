//! The child: asks the test what to do in each answer, over a socket that it opens before it shuts itself in, and does it.

use crate::local::{Ended, Played};
use pllm_core::{Error, ErrorKind};
use pllm_models::generators::local::wire::{Ask, End, Reply};
use pllm_runtime::worker::{Allowance, serve};
use pllm_testkit::generator_suite::GARBAGE;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::Duration;

pub(crate) fn run(socket: &str) -> ExitCode {
    let Ok(test) = UnixStream::connect(socket) else { return ExitCode::FAILURE };
    // As a plain file: a worker may read and write, not receive and send.
    let mut actor = Actor { test: BufReader::new(File::from(OwnedFd::from(test))), playing: None };
    let allowance = Allowance { file: None, threads: true };
    serve(&allowance, |request, _| match serde_json::from_slice(&request.head) {
        Ok(ask) => actor.answer(&ask, &request.head),
        Err(_) => Vec::new(),
    })
}

struct Actor {
    test: BufReader<File>,
    playing: Option<Played>,
}

impl Actor {
    fn answer(&mut self, ask: &Ask, head: &[u8]) -> Vec<u8> {
        let reply = match ask {
            Ask::Load(_) => Reply::Done,
            Ask::Count(text) => Reply::Counted(text.split_whitespace().count()),
            Ask::Begin(_) => {
                let played = self.script(head);
                let (prompt_tokens, cached_tokens) = played.read;
                let is_refused = played.ended == Ended::TooLarge;
                self.playing = Some(played);
                if is_refused { too_large() } else { Reply::Begun { prompt_tokens, cached_tokens } }
            }
            Ask::Step => match self.step() {
                Some(reply) => reply,
                None => return format!("{{{GARBAGE}").into_bytes(),
            },
        };
        serde_json::to_vec(&reply).unwrap_or_default()
    }

    /// Tells the test what was asked, and hears what to do.
    fn script(&mut self, head: &[u8]) -> Played {
        let mut line = String::new();
        let told = [head, b"\n"].concat();
        let heard = self.test.get_mut().write_all(&told).and_then(|()| self.test.read_line(&mut line));
        match heard.ok().and_then(|_| serde_json::from_str(&line).ok()) {
            Some(script) => script,
            None => std::process::exit(9),
        }
    }

    /// The next piece, or the end; none is garbage.
    fn step(&mut self) -> Option<Reply> {
        let played = self.playing.as_mut()?;
        std::thread::sleep(Duration::from_millis(played.pace_ms));
        if !played.pieces.is_empty() {
            return Some(Reply::Stepped { text: played.pieces.remove(0), tokens: 1, end: None });
        }
        let end = match played.ended {
            Ended::Stop => End::Stop,
            Ended::Length => End::Length,
            Ended::Crash => std::process::abort(),
            Ended::Hang => self.hang(),
            Ended::Garbage | Ended::TooLarge => return None,
        };
        Some(Reply::Stepped { text: String::new(), tokens: 0, end: Some(end) })
    }

    /// Waits for what never comes.
    fn hang(&mut self) -> ! {
        let _ = self.test.read_exact(&mut [0]);
        std::process::exit(9)
    }
}

fn too_large() -> Reply {
    Reply::failed(&Error::new(ErrorKind::TooLarge, "test.child", "the prompt has 9 tokens, expected fewer"))
}
