//! Asks the service of this computer that holds a data directory: no proxy, no TLS, no redirect, no repetition, and the token of
//! the lock file with every request.

use crate::lock::Service;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use pllm_core::{Error, ErrorKind, Result};
use std::fmt::Write;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

const OPERATION: &str = "runtime.local";
/// How long a connection within this computer may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Speaks to one service. What is dropped before its end is dropped there too.
#[derive(Debug, Clone)]
pub struct LocalClient {
    service: Service,
}

/// A request.
#[derive(Debug)]
pub struct LocalRequest {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The path with what stands after it; see [`target`].
    pub target: String,
    /// The media type of the answer.
    pub accept: &'static str,
    /// JSON, if any.
    pub body: Option<Vec<u8>>,
}

/// An answer whose body is still coming.
#[derive(Debug)]
pub struct LocalReply {
    status: u16,
    body: Incoming,
    _connection: Connection,
}

impl LocalClient {
    /// Speaks to `service`.
    ///
    /// # Errors
    /// `Denied` for an address of another computer.
    pub fn new(service: Service) -> Result<Self> {
        if service.address.ip().is_loopback() {
            return Ok(Self { service });
        }
        let message = format!("the service is at {}, expected a loopback address", service.address);
        Err(Error::new(ErrorKind::Denied, OPERATION, message))
    }

    /// Whether somebody listens there.
    ///
    /// # Errors
    /// `Unavailable` when not.
    pub async fn probe(&self) -> Result<()> {
        self.connect().await.map(drop)
    }

    /// Sends a request; waits as long as the service works on it.
    ///
    /// # Errors
    /// `Unavailable` when the service is not there, or is gone before it answers. What it answers is no error here.
    pub async fn send(&self, request: LocalRequest) -> Result<LocalReply> {
        let request = Request::builder()
            .method(request.method)
            .uri(&request.target)
            .header(header::HOST, self.service.address.to_string())
            .header(header::AUTHORIZATION, format!("Bearer {}", self.service.token.reveal()))
            .header(header::ACCEPT, request.accept)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(request.body.unwrap_or_default())))
            .map_err(|error| Error::invalid(OPERATION, "the request is not usable").caused_by(error))?;
        let stream = TokioIo::new(self.connect().await?);
        let (mut sender, connection): (SendRequest<Full<Bytes>>, _) =
            http1::handshake(stream).await.map_err(|error| ended(&error))?;
        let connection = Connection(tokio::spawn(async move {
            // What goes wrong is told to whoever waits for the answer.
            let _ = connection.await;
        }));
        let response = sender.send_request(request).await.map_err(|error| ended(&error))?;
        let status = response.status().as_u16();
        Ok(LocalReply { status, body: response.into_body(), _connection: connection })
    }

    async fn connect(&self) -> Result<TcpStream> {
        let connected = tokio::time::timeout(CONNECT, TcpStream::connect(self.service.address)).await;
        connected.map_err(std::io::Error::from).flatten().map_err(|error| {
            let message = "the service that holds the data directory does not answer";
            Error::new(ErrorKind::Unavailable, OPERATION, message)
                .with("address", self.service.address)
                .caused_by(error)
                .hint("try again; `pllm serve` says where it listens")
        })
    }
}

impl LocalReply {
    /// The status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The next piece of the body; none at its end.
    ///
    /// # Errors
    /// `Unavailable` when the service is gone before the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        while let Some(frame) = self.body.frame().await {
            if let Ok(bytes) = frame.map_err(|error| ended(&error))?.into_data() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// The whole body.
    ///
    /// # Errors
    /// As [`LocalReply::chunk`].
    pub async fn bytes(mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.chunk().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

/// The task that moves the bytes; it ends with whoever wants them.
#[derive(Debug)]
struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The error of a service that is gone in the middle.
fn ended(cause: &hyper::Error) -> Error {
    Error::new(ErrorKind::Unavailable, OPERATION, "the service ended before it had answered")
        .caused_by(cause.to_string())
        .hint("what it had finished is stored; try again")
}

/// A path of these segments, and what stands after the question mark; each may hold any text.
#[must_use]
pub fn target(segments: &[&str], query: &[(&str, &str)]) -> String {
    let mut target = String::new();
    for segment in segments {
        target.push('/');
        push_encoded(&mut target, segment);
    }
    for (n, (name, value)) in query.iter().enumerate() {
        target.push(if n == 0 { '?' } else { '&' });
        push_encoded(&mut target, name);
        target.push('=');
        push_encoded(&mut target, value);
    }
    target
}

/// RFC 3986 section 2.3: what is not unreserved is encoded.
fn push_encoded(target: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            target.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(target, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    fn request() -> LocalRequest {
        LocalRequest { method: "POST", target: "/a".to_owned(), accept: "x/y", body: Some(b"{}".to_vec()) }
    }

    /// What comes of a service that replies with this and leaves, and what it was sent.
    async fn replied(reply: &'static str) -> (Result<(u16, Vec<u8>)>, String, Service) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let service = Service::new(address, "1").expect("random bits");
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a caller");
            let mut sent = Vec::new();
            while !sent.ends_with(b"{}") {
                stream.read_buf(&mut sent).await.expect("a request");
            }
            stream.write_all(reply.as_bytes()).await.expect("written");
            String::from_utf8(sent).expect("text")
        });
        let client = LocalClient::new(service.clone()).expect("loopback");
        let outcome = async {
            let reply = client.send(request()).await?;
            let status = reply.status();
            Ok((status, reply.bytes().await?))
        };
        (outcome.await, serving.await.expect("no panic"), service)
    }

    #[tokio::test]
    async fn an_answer_comes_back_whatever_its_status() {
        let (outcome, sent, service) = replied("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno").await;
        assert_eq!(outcome.expect("answered"), (404, b"no".to_vec()));
        let sent = sent.to_lowercase();
        assert!(sent.starts_with("post /a http/1.1\r\n") && sent.contains("accept: x/y\r\n"), "{sent}");
        assert!(sent.contains(&format!("authorization: bearer {}\r\n", service.token.reveal())), "{sent}");
        assert!(sent.contains(&format!("host: {}\r\n", service.address)), "{sent}");
    }

    #[tokio::test]
    async fn a_service_that_is_gone_is_told_without_its_token() {
        for reply in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"] {
            let (outcome, _, service) = replied(reply).await;
            let error = outcome.expect_err("it left");
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
            assert!(error.cure().is_some() && !format!("{error:?}").contains(service.token.reveal()));
            let again = LocalClient::new(service).expect("loopback").probe().await;
            assert!(again.is_err_and(|error| error.to_string().contains("does not answer")));
        }
    }

    #[test]
    fn other_computers_are_not_asked() {
        let service = Service::new(([192, 0, 2, 1], 80).into(), "1").expect("random bits");
        assert_eq!(LocalClient::new(service).map(drop).map_err(|error| error.kind()), Err(ErrorKind::Denied));
    }

    #[test]
    fn any_text_can_be_in_a_target() {
        let check = |segments: &[&str], query: &[(&str, &str)], expected: &str| {
            assert_eq!(target(segments, query), expected);
        };
        check(&["api", "a/b", "..", "ä ?"], &[], "/api/a%2Fb/../%C3%A4%20%3F");
        check(&["x"], &[("q", "a&b=c"), ("n", "1")], "/x?q=a%26b%3Dc&n=1");
    }
}
