//! What is sent and what is understood, against a server on loopback that answers from fixtures.

use super::*;
use pllm_core::{CancelFlag, FinishReason, GenerationEvent, Message, Role, Usage};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/openai");

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FIXTURES}/{name}")).expect("a fixture")
}

/// Answers one request; gives its head and body.
async fn serve(status: &'static str, body: Vec<u8>) -> (String, JoinHandle<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}/v1/", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a connection");
        let mut request = Vec::new();
        let (head, sent) = loop {
            connection.read_buf(&mut request).await.expect("bytes");
            let text = String::from_utf8_lossy(&request).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(0, |length| length.parse().expect("a number"));
            if body.len() >= length {
                break (head.to_owned(), serde_json::from_str(body).unwrap_or_default());
            }
        };
        let answer =
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        connection.write_all(&[answer.as_bytes(), &body].concat()).await.expect("a reader");
        (head, sent)
    });
    (base, server)
}

fn generator(base_url: &str, dialect: Dialect) -> OpenAiGenerator {
    let config = OpenAiConfig {
        base_url: base_url.to_owned(),
        model: "none".to_owned(),
        key: Some(ApiKey::new("sk-very-secret").expect("a key")),
        dialect,
        context_tokens: None,
        ca_file: None,
        idle_timeout: Duration::from_secs(5),
    };
    OpenAiGenerator::new(config).expect("usable")
}

fn request() -> GenerationRequest {
    let message = |role, content: &str| Message { role, content: content.to_owned() };
    GenerationRequest {
        messages: vec![message(Role::System, "Answer."), message(Role::User, "How much is the deposit?")],
        max_tokens: 64,
        temperature: 0.0,
        stop: vec!["\n\n".to_owned()],
        seed: Some(7),
    }
}

fn context() -> RunContext {
    RunContext::new(CancelFlag::default())
}

#[tokio::test]
async fn answers_of_all_dialects_are_the_same_events() {
    let check = async |name: &str, dialect, prompt_tokens, cached_tokens, finish| {
        let (base, server) = serve("200 OK", fixture(name)).await;
        let mut stream = generator(&base, dialect).generate(request(), &context()).await.expect("accepted");
        let (mut text, mut last) = (String::new(), Vec::new());
        while let Some(event) = stream.next().await.expect("sound") {
            match event {
                GenerationEvent::Text(piece) => text.push_str(&piece),
                other => last.push(other),
            }
        }
        let usage = Usage { prompt_tokens, cached_tokens, completion_tokens: 7 };
        let expected = vec![GenerationEvent::Usage(usage), GenerationEvent::Finish(finish)];
        assert_eq!((text.as_str(), last), ("The deposit is 900 €.", expected), "{name}");
        let (head, body) = server.await.expect("served");
        assert!(
            head.starts_with("POST /v1/chat/completions ") && head.contains("authorization: Bearer sk-very")
        );
        let golden: Value = serde_json::from_slice(&fixture(&format!("requests/{name}.json"))).expect("JSON");
        assert_eq!(body, golden, "{name}: {body:#}");
    };
    check("openai.sse", Dialect::OpenAi, 211, 128, FinishReason::Stop).await;
    check("ollama.sse", Dialect::Ollama, 31, 0, FinishReason::Length).await;
    check("llama.cpp.sse", Dialect::LlamaCpp, 31, 0, FinishReason::Stop).await;
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words() {
    let check = async |status, body, kind, part: &str| {
        let (base, server) = serve(status, body).await;
        let error =
            generator(&base, Dialect::OpenAi).generate(request(), &context()).await.err().expect("refused");
        assert_eq!(error.kind(), kind, "{error}");
        let told = format!("{error:?}");
        assert!(told.contains(part) && !told.contains("sk-very-secret"), "{part:?} in {told}");
        server.await.expect("served");
    };
    check("401 Unauthorized", fixture("401.json"), ErrorKind::Denied, "check the key").await;
    check("404 Not Found", fixture("404.json"), ErrorKind::NotFound, "try pulling it first").await;
    check("400 Bad Request", fixture("400.json"), ErrorKind::TooLarge, "9001 tokens").await;
    let echo = br#"{"error": {"message": "wrong key sk-very-secret"}}"#.to_vec();
    check("401 Unauthorized", echo, ErrorKind::Denied, "words that hold the key").await;
    check("400 Bad Request", b"<html>".to_vec(), ErrorKind::InvalidInput, "400 Bad Request").await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_an_answer() {
    let whole = fixture("openai.sse");
    let half = whole[..whole.len() / 2].to_vec();
    let failed = br#"data: {"error": {"message": "the model crashed"}}"#;
    for (body, part) in [
        (half, "ended in the middle"),
        (b"data: {\n\n".to_vec(), "not a piece of an answer"),
        ([failed.as_slice(), b"\n\n"].concat(), "the model crashed"),
    ] {
        let (base, _server) = serve("200 OK", body).await;
        let mut stream =
            generator(&base, Dialect::OpenAi).generate(request(), &context()).await.expect("accepted");
        let error = loop {
            match stream.next().await {
                Ok(Some(GenerationEvent::Text(_))) => {}
                Ok(other) => panic!("{other:?} instead of an error"),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains(part), "{part:?} in {error}");
        assert_eq!(stream.next().await.expect("nothing more"), None);
    }
}

#[tokio::test]
async fn a_check_asks_for_the_model() {
    let check = async |models: &str, outcome: std::result::Result<(), ErrorKind>| {
        let (base, server) = serve("200 OK", models.as_bytes().to_vec()).await;
        let checked = generator(&base, Dialect::Ollama).check().await;
        assert_eq!(checked.map_err(|error| error.kind()), outcome, "{models}");
        assert!(server.await.expect("served").0.starts_with("GET /v1/models "));
    };
    check(r#"{"data": [{"id": "none:latest"}]}"#, Ok(())).await;
    check(r#"{"data": [{"id": "other"}]}"#, Err(ErrorKind::NotFound)).await;
    check("<html>", Err(ErrorKind::Unavailable)).await;
}

#[test]
fn a_count_without_a_tokenizer_is_high_enough() {
    for (text, tokens) in [("The deposit is 900 euro.", 7), ("您好世界", 4), ("", 0)] {
        assert!(at_most(text) >= tokens, "{text}");
    }
}
