//! A client that sends exactly what a case says, and reads what comes until the connection is closed.

use anyhow::{Context, Result};
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request about to be sent.
pub(crate) struct Call {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    pub(crate) fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", target).with("content-type", "application/json").body(body.to_string().into_bytes())
    }

    /// A form of these parts (RFC 7578).
    pub(crate) fn form(target: impl Into<String>, parts: &[Part]) -> Self {
        let mut body = Vec::new();
        for Part(part) in parts {
            body.extend([b"--between\r\n", part.as_slice(), b"\r\n"].concat());
        }
        body.extend(b"--between--\r\n");
        Self::new("POST", target).with("content-type", "multipart/form-data; boundary=between").body(body)
    }

    /// Without the last `bytes` of its body.
    pub(crate) fn cut(mut self, bytes: usize) -> Self {
        self.body.truncate(self.body.len() - bytes);
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// The request's bytes, head and body.
    pub(crate) fn bytes(&self, port: u16) -> (Vec<u8>, Vec<u8>) {
        let mut head = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", self.method, self.target);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            head.push_str(&format!("host: localhost:{port}\r\n"));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() || self.method == "POST" {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        (head.into_bytes(), self.body.clone())
    }

    /// Sends it and reads the head of what comes; the rest is left on the connection.
    pub(crate) async fn begin(&self, port: u16) -> Result<(TcpStream, String)> {
        let (head, body) = self.bytes(port);
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(&[head, body].concat()).await?;
        let mut told = Vec::new();
        while !told.ends_with(b"\r\n\r\n") {
            told.push(stream.read_u8().await?);
        }
        Ok((stream, String::from_utf8(told)?))
    }

    pub(crate) async fn send(&self, port: u16) -> Result<Reply> {
        let (head, body) = self.bytes(port);
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(&head).await?;
        // A server that refuses early may close before it has read everything.
        let _ = stream.write_all(&body).await;
        Reply::read(stream).await
    }
}

/// A part of a form.
pub(crate) struct Part(Vec<u8>);

impl Part {
    pub(crate) fn field(name: &str, value: &str) -> Self {
        Self(format!("content-disposition: form-data; name=\"{name}\"\r\n\r\n{value}").into_bytes())
    }

    /// A file, with a name as the browsers send it (HTML, multipart form data).
    pub(crate) fn file(name: &str, bytes: &[u8]) -> Self {
        let name = name.replace('"', "%22");
        let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        Self([head.as_bytes(), bytes].concat())
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) async fn read(mut stream: TcpStream) -> Result<Self> {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut bytes)).await?;
        if bytes.is_empty() {
            read.context("nothing came")?;
        }
        Self::parse(&bytes)
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("no head came")?;
        let head = std::str::from_utf8(&bytes[..end])?;
        let mut lines = head.split("\r\n");
        let status =
            lines.next().and_then(|line| line.split(' ').nth(1)).context("a status line")?.parse()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let mut reply = Self { status, headers, body: bytes[end + 4..].to_vec() };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = dechunked(&reply.body)?;
        }
        Ok(reply)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, of a reply that has to have this status.
    pub(crate) fn json(&self, status: u16) -> Result<Value> {
        anyhow::ensure!(self.status == status, "status {}, expected {status}: {}", self.status, self.text());
        serde_json::from_slice(&self.body).with_context(|| self.text())
    }

    /// The events of a stream: name and data.
    pub(crate) fn events(&self) -> Result<Vec<(String, Value)>> {
        let text = self.text();
        let field = |event: &str, name: &str| {
            event.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
        };
        let events = text.split("\n\n").filter(|event| event.contains("event:"));
        let event = |event: &str| {
            let name = field(event, "event:").context("a name")?;
            Ok((name, serde_json::from_str(&field(event, "data:").context("data")?)?))
        };
        events.map(event).collect()
    }
}

fn dechunked(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").context("a chunk's size")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end])?, 16)?;
        if size == 0 {
            return Ok(body);
        }
        body.extend(rest.get(end + 2..end + 2 + size).context("a whole chunk")?);
        rest = &rest[end + 2 + size + 2..];
    }
}
