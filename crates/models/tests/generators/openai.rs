//! A server that speaks OpenAI's HTTP language and plays scripts, each answer on a connection of its own.

use anyhow::Context;
use async_trait::async_trait;
use pllm_core::{FinishReason, GenerationRequest, Generator, Message, Result, Role};
use pllm_models::generators::{Dialect, OpenAiConfig, OpenAiGenerator};
use pllm_testkit::generator_suite::{Ending, GARBAGE, GeneratorFactory, Script, Scripted};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Servers for the suite.
#[derive(Debug)]
pub(crate) struct OpenAiScripts;

#[async_trait]
impl GeneratorFactory for OpenAiScripts {
    fn name(&self) -> &'static str {
        "openai"
    }

    async fn start(&self, scripts: Vec<Script>) -> Result<Box<dyn Scripted>> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let generator = generator(listener.local_addr().expect("an address"))?;
        let server = Server { scripts: Arc::new(Mutex::new(scripts)), asked: Arc::default() };
        tokio::spawn(listen(listener, server.clone()));
        Ok(Box::new(Stage { generator, server }))
    }

    async fn dead(&self) -> Result<Arc<dyn Generator>> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        generator(address)
    }
}

fn generator(address: SocketAddr) -> Result<Arc<dyn Generator>> {
    let config = OpenAiConfig {
        base_url: format!("http://{address}/v1"),
        model: "scripted".to_owned(),
        key: None,
        dialect: Dialect::OpenAi,
        context_tokens: None,
        ca_file: None,
        idle_timeout: Duration::from_secs(30),
    };
    Ok(Arc::new(OpenAiGenerator::new(config)?))
}

struct Stage {
    generator: Arc<dyn Generator>,
    server: Server,
}

impl Scripted for Stage {
    fn generator(&self) -> Arc<dyn Generator> {
        Arc::clone(&self.generator)
    }

    fn asked(&self) -> Vec<GenerationRequest> {
        self.server.asked.lock().expect("no panic").clone()
    }
}

#[derive(Clone)]
struct Server {
    scripts: Arc<Mutex<Vec<Script>>>,
    asked: Arc<Mutex<Vec<GenerationRequest>>>,
}

async fn listen(listener: TcpListener, server: Server) {
    while let Ok((connection, _)) = listener.accept().await {
        let server = server.clone();
        // A client that left hears nothing more.
        tokio::spawn(async move { server.answer(connection).await });
    }
}

impl Server {
    async fn answer(&self, mut connection: TcpStream) -> anyhow::Result<()> {
        let (head, body) = request_of(&mut connection).await?;
        if head.starts_with("GET /v1/models ") {
            return reply(&mut connection, "200 OK", &json!({"data": [{"id": "scripted"}]})).await;
        }
        self.asked.lock().expect("no panic").push(asked(&body).context("a request")?);
        let script = self.next();
        if script.ending == Ending::TooLarge {
            let error = json!({"error": {"message": "too long", "code": "context_length_exceeded"}});
            return reply(&mut connection, "400 Bad Request", &error).await;
        }
        connection.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await?;
        for piece in &script.pieces {
            tokio::time::sleep(script.pace).await;
            send(&mut connection, &json!({"choices": [{"delta": {"content": piece}}]})).await?;
        }
        match script.ending {
            Ending::Finish(reason) => finish(&mut connection, &script, reason).await?,
            Ending::Garbage => connection.write_all(format!("data: {GARBAGE}\n\n").as_bytes()).await?,
            // Until the client leaves.
            Ending::Hang => drop(connection.read(&mut [0]).await?),
            Ending::Crash | Ending::TooLarge => {}
        }
        Ok(())
    }

    fn next(&self) -> Script {
        let mut scripts = self.scripts.lock().expect("no panic");
        if scripts.len() > 1 { scripts.remove(0) } else { scripts[0].clone() }
    }
}

/// Head and body.
async fn request_of(connection: &mut TcpStream) -> anyhow::Result<(String, Value)> {
    let mut request = Vec::new();
    loop {
        anyhow::ensure!(connection.read_buf(&mut request).await? > 0, "it ended");
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(Ok(0), str::parse)? {
            return Ok((head.to_owned(), serde_json::from_str(body).unwrap_or_default()));
        }
    }
}

async fn reply(connection: &mut TcpStream, status: &str, body: &Value) -> anyhow::Result<()> {
    let body = body.to_string();
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    Ok(connection.write_all((head + &body).as_bytes()).await?)
}

async fn send(connection: &mut TcpStream, event: &Value) -> anyhow::Result<()> {
    Ok(connection.write_all(format!("data: {event}\n\n").as_bytes()).await?)
}

async fn finish(connection: &mut TcpStream, script: &Script, reason: FinishReason) -> anyhow::Result<()> {
    send(connection, &json!({"choices": [{"delta": {}, "finish_reason": reason.name()}]})).await?;
    let usage = json!({
        "prompt_tokens": script.usage.prompt_tokens,
        "completion_tokens": script.usage.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": script.usage.cached_tokens},
    });
    send(connection, &json!({"choices": [], "usage": usage})).await?;
    Ok(connection.write_all(b"data: [DONE]\n\n").await?)
}

/// What was asked; none when it is not what a client of ours sends.
#[expect(clippy::cast_possible_truncation, reason = "it was an f32 before it was JSON")]
fn asked(body: &Value) -> Option<GenerationRequest> {
    let message = |message: &Value| {
        let role = [Role::System, Role::User, Role::Assistant]
            .into_iter()
            .find(|role| role.name() == message["role"])?;
        Some(Message { role, content: message["content"].as_str()?.to_owned() })
    };
    let stop = body["stop"].as_array().into_iter().flatten();
    Some(GenerationRequest {
        messages: body["messages"].as_array()?.iter().map(message).collect::<Option<_>>()?,
        max_tokens: body["max_completion_tokens"].as_u64()?.try_into().ok()?,
        temperature: body["temperature"].as_f64()? as f32,
        stop: stop.map(|stop| stop.as_str().map(str::to_owned)).collect::<Option<_>>()?,
        seed: body["seed"].as_u64(),
    })
}
