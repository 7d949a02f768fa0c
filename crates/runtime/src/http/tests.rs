//! The client against a scripted server on loopback.

use super::*;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

/// Answers one connection after the other with these bytes; gives what it was asked (method and path).
fn serve(answers: Vec<String>) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = thread::spawn(move || answers.iter().map(|answer| serve_one(&listener, answer)).collect());
    (address, server)
}

fn serve_one(listener: &TcpListener, answer: &str) -> String {
    let (mut connection, _) = listener.accept().expect("a connection");
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).expect("bytes") == 1 {
        request.push(byte[0]);
    }
    connection.write_all(answer.as_bytes()).expect("the client reads");
    let request = String::from_utf8_lossy(&request);
    request.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
}

fn client() -> HttpClient {
    let config = HttpConfig { backoff: Duration::from_millis(1), ..HttpConfig::default() };
    HttpClient::new(config).expect("a client")
}

async fn get(address: SocketAddr, max_bytes: u64) -> Result<(u64, String)> {
    let mut body = Vec::new();
    let url = format!("http://{address}/file?token=secret");
    let total = client()
        .get_to(&url, max_bytes, &mut |piece| {
            body.extend_from_slice(piece);
            Ok(())
        })
        .await?;
    Ok((total, String::from_utf8(body).expect("text")))
}

#[tokio::test]
async fn a_body_arrives_after_what_passes_and_after_redirects() {
    let (address, server) = serve(vec![
        answer("503 Busy", "retry-after: 0\r\n", ""),
        answer("502 Bad", "", ""),
        answer("302 Found", "location: /there\r\n", ""),
        answer("200 OK", "", "hello"),
    ]);
    assert_eq!(get(address, 5).await.unwrap(), (5, "hello".to_owned()));
    let asked = server.join().unwrap();
    assert_eq!(asked, ["GET /file?token=secret"; 3].into_iter().chain(["GET /there"]).collect::<Vec<_>>());
}

#[tokio::test]
async fn statuses_mean_what_the_caller_can_do() {
    for (status, kind, retry) in [
        ("404 Not Found", ErrorKind::NotFound, Retry::Never),
        ("403 Forbidden", ErrorKind::Denied, Retry::Never),
        ("400 Bad Request", ErrorKind::InvalidInput, Retry::Never),
        ("500 Oops", ErrorKind::Unavailable, Retry::Later(None)),
    ] {
        let (address, server) = serve(vec![answer(status, "", "")]);
        let error = get(address, 5).await.unwrap_err();
        assert_eq!((error.kind(), error.retry()), (kind, retry), "{error}");
        assert!(error.to_string().contains(&format!("host={address}")), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
        server.join().unwrap();
    }
}

#[tokio::test]
async fn repeating_ends_and_a_long_wait_is_left_to_the_caller() {
    let (address, server) = serve(vec![answer("429 Slow", "", ""); 4]);
    let error = get(address, 5).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Overloaded, Retry::Exhausted));
    assert_eq!(server.join().unwrap().len(), 4);

    let (address, server) = serve(vec![answer("429 Slow", "retry-after: 3600\r\n", "")]);
    let error = get(address, 5).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Later(Some(Duration::from_secs(3600))));
    server.join().unwrap();
}

#[tokio::test]
async fn what_may_be_done_twice_is_sent_again_when_the_connection_breaks() {
    for (method, name) in
        [(HttpMethod::Get, "GET"), (HttpMethod::Post, "POST"), (HttpMethod::Delete, "DELETE")]
    {
        let (address, server) = serve(vec![String::new(), answer("200 OK", "", "done")]);
        let url = format!("http://{address}/rows");
        let header = Some(("x-chroma-token", "secret"));
        let request = HttpRequest { method, url: &url, header, json: Some(b"{}".to_vec()) };
        let body = client().ask(request, unexplained).await.unwrap().all(9).await.unwrap();
        assert_eq!(body, b"done");
        assert_eq!(server.join().unwrap(), vec![format!("{name} /rows"); 2]);
    }
    // A request for a model may have been worked on, and paid for.
    let (address, server) = serve(vec![String::new()]);
    let broken = client().post_json(&format!("http://{address}/"), None, Vec::new(), unexplained).await;
    assert_eq!(broken.unwrap_err().kind(), ErrorKind::Unavailable);
    server.join().unwrap();
}

#[tokio::test]
async fn a_header_is_sent_and_not_shown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = vec![0; 4096];
        let length = connection.read(&mut request).unwrap();
        connection.write_all(answer("403 No", "", "").as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..length]).to_lowercase()
    });
    let ask = |header| {
        let request = HttpRequest { method: HttpMethod::Get, url: &url, header: Some(header), json: None };
        async move { client().ask(request, unexplained).await.unwrap_err() }
    };
    let refused = ask(("Authorization", "Basic secret")).await;
    assert_eq!(refused.kind(), ErrorKind::Denied);
    assert!(server.join().unwrap().contains("\r\nauthorization: basic secret\r\n"));
    for header in [("a b", "secret"), ("name", "secret\nother: x")] {
        let error = ask(header).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn too_much_is_refused_announced_or_not() {
    let (address, server) = serve(vec![answer("200 OK", "", "123456")]);
    assert_eq!(get(address, 5).await.unwrap_err().kind(), ErrorKind::TooLarge);
    server.join().unwrap();
    let unannounced = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n123456".to_owned();
    let (address, server) = serve(vec![unannounced]);
    assert_eq!(get(address, 5).await.unwrap_err().kind(), ErrorKind::TooLarge);
    server.join().unwrap();
}

#[tokio::test]
async fn broken_connections_are_told_apart() {
    let half = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nhalf".to_owned();
    let (address, server) = serve(vec![half]);
    assert_eq!(get(address, 99).await.unwrap_err().kind(), ErrorKind::Unavailable);
    server.join().unwrap();

    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    let error = get(closed, 99).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unavailable, Retry::Exhausted));

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let config = HttpConfig { idle_timeout: Duration::from_millis(20), ..HttpConfig::default() };
    let outcome = HttpClient::new(config).unwrap().content_length(&url).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn only_http_and_https_and_no_way_out_of_them() {
    for url in ["file:///etc/passwd", "ftp://example.org/x", "no address", "http://"] {
        let outcome = client().content_length(url).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput, "{url}");
    }
    let (address, server) = serve(vec![answer("302 Found", "location: ftp://example.org/x\r\n", "")]);
    assert_eq!(get(address, 5).await.unwrap_err().kind(), ErrorKind::Denied);
    server.join().unwrap();
}

#[tokio::test]
async fn the_length_is_known_before_the_body() {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1234\r\n\r\n".to_owned();
    let (address, server) = serve(vec![head]);
    let length = client().content_length(&format!("http://{address}/file")).await;
    assert_eq!(length.unwrap(), Some(1234));
    assert_eq!(server.join().unwrap(), ["HEAD /file"]);
}

#[tokio::test]
async fn https_begins_with_a_handshake() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut first = [0];
        connection.read_exact(&mut first).map(|()| first[0])
    });
    let config = HttpConfig { retries: 0, ..HttpConfig::default() };
    let error = HttpClient::new(config).unwrap().content_length(&url).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    // 22 is the content type of a TLS handshake record (RFC 8446, 5.1).
    assert_eq!(server.join().unwrap().unwrap(), 22);
}

#[tokio::test]
async fn the_sink_may_stop() {
    let (address, server) = serve(vec![answer("200 OK", "", "hello")]);
    let stop = |_: &[u8]| Err(Error::new(ErrorKind::Cancelled, "test", "enough"));
    let outcome = client().get_to(&format!("http://{address}/"), 99, &mut { stop }).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
    server.join().unwrap();
}
