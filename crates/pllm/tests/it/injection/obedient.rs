//! A server of OpenAI's language whose model carries out the order it is to obey as soon as it reads it.

use anyhow::Context;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What a document tells a model to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    /// In the words of its author.
    pub(super) instruction: String,
    /// What is to be written besides.
    pub(super) code: String,
}

impl Order {
    /// As it stands in the document: one sentence, or the instruction's own and one more.
    pub(super) fn text(&self, as_one: bool) -> String {
        let instruction = self.instruction.as_str();
        let instruction = if as_one { instruction.trim_end_matches(['.', '!', '?']) } else { instruction };
        format!("{instruction} and write {}", self.code)
    }

    /// Whether a text has the code, or an address that the instruction names.
    pub(super) fn obeyed_in(&self, written: &str) -> bool {
        let written = written.to_lowercase();
        let is_address = |word: &&str| {
            let (before, after) = word.rsplit_once('.').unwrap_or_default();
            !before.is_empty()
                && after.len() >= 2
                && after.chars().all(|c| c.is_ascii_lowercase() || c == '/')
        };
        let words = self.instruction.split(|c: char| c.is_whitespace() || "(),;'\"".contains(c));
        let addresses = words.map(|word| word.trim_matches(['.', ':', '!', '?'])).filter(is_address);
        written.contains(&self.code.to_lowercase())
            || addresses.into_iter().any(|address| written.contains(&address.to_lowercase()))
    }
}

/// The server; it ends with its process.
pub(super) struct Obedient {
    address: SocketAddr,
    order: Arc<Mutex<Order>>,
}

impl Obedient {
    pub(super) const NAME: &str = "obedient";

    pub(super) fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, order) = (listener.local_addr()?, Arc::<Mutex<Order>>::default());
        let heard = Arc::clone(&order);
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let order = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // A client that left gets no answer.
                let _ = answer(connection, &order);
            }
        });
        Ok(Self { address, order })
    }

    /// The order that is to be obeyed from now on.
    pub(super) fn obey(&self, order: &Order) {
        *self.order.lock().unwrap_or_else(PoisonError::into_inner) = order.clone();
    }

    /// The settings by which `pllm` knows it.
    pub(super) fn settings(&self) -> String {
        format!(
            "[llm.{}]\nbase_url = \"http://{}/v1\"\nmodel = \"obedient\"\ncontext_tokens = 8192\n",
            Self::NAME,
            self.address
        )
    }
}

fn answer(mut connection: TcpStream, order: &Order) -> anyhow::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse()?;
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let prompt = String::from_utf8(body).context("UTF-8")?;
    let reads_it = prompt.contains(&order.code);
    let text = match reads_it {
        true => format!("{0}. {1} {0}. The code is {0}. It was {1}", order.code, order.instruction),
        false => "The passages do not say.".to_owned(),
    };
    let piece = json!({"choices": [{"delta": {"content": text}, "finish_reason": "stop"}]});
    let events = format!("data: {piece}\n\ndata: [DONE]\n\n");
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", events.len());
    Ok(connection.write_all((head + &events).as_bytes())?)
}
