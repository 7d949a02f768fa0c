//! OpenAI's language: the shapes that its clients read, streams, annotations that lead to their quotes, and errors.

use crate::client::{Call, Reply};
use crate::fixture::{Fixture, Outcome, plain, with_model};
use crate::limits::{begin_long, with_collection};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("v1::an_answer_has_annotations_that_lead_to_their_quotes", answer),
        with_model("v1::a_stream_tells_the_same_as_one_answer", stream),
        with_model("v1::what_is_not_in_the_documents_is_said", abstained),
        with_model("v1::a_collection_writes_for_another_service", written),
        with_model("v1::a_language_model_that_fails_is_told", failing),
        with_model("v1::vectors_come_as_numbers_and_as_base64", embeddings),
        with_model("v1::more_streams_than_may_be_open_are_refused", busy),
        plain("v1::collections_are_models", models),
        plain("v1::every_error_is_the_object_of_openai", errors),
    ]
}

const CHAT: &str = "/v1/chat/completions";
const LEASE: &str = "# Lease\n\nÄußerst wichtig 🏠: read all of it.\n\n## Deposit\n\n\
    The tenant pays a deposit of 1,350 euro to the landlord. It is given back after she moves out.\n";
const QUESTION: &str = "How much is the deposit?";

fn body(model: &str, question: &str) -> Value {
    json!({"model": model, "messages": [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "When was the boiler serviced?"},
        {"role": "assistant", "content": "Arr."},
        {"role": "user", "content": question},
    ]})
}

async fn chat(fixture: &Fixture, body: &Value) -> Result<Reply> {
    let call = Call::post(CHAT, body).with("authorization", "Bearer sk-anything");
    fixture.send(&call).await
}

/// The events of a stream up to `[DONE]`, which has to be the last.
fn chunks(reply: &Reply) -> Result<Vec<Value>> {
    ensure!(reply.header("content-type") == Some("text/event-stream"), "{reply:?}");
    let text = reply.text();
    let mut data: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    ensure!(data.pop() == Some("[DONE]"), "{text}");
    data.into_iter().map(|data| Ok(serde_json::from_str(data)?)).collect()
}

/// What the events of a stream say together: the text, and the last choice.
fn collected(chunks: &[Value]) -> Result<(String, Value)> {
    let choices: Vec<&Value> =
        chunks.iter().map(|chunk| &chunk["choices"][0]).filter(|choice| !choice.is_null()).collect();
    ensure!(choices[0]["delta"] == json!({"role": "assistant", "content": ""}), "{choices:?}");
    let (last, before) = choices.split_last().context("events")?;
    ensure!(before.iter().all(|choice| choice["finish_reason"].is_null()), "{choices:?}");
    let text = choices.iter().filter_map(|choice| choice["delta"]["content"].as_str()).collect();
    Ok((text, (*last).clone()))
}

/// The part of `content` that an annotation is about.
fn cut(content: &str, annotation: &Value) -> Result<String> {
    let index = |name: &str| {
        let index = annotation["url_citation"][name].as_u64().with_context(|| annotation.to_string())?;
        Ok::<_, anyhow::Error>(usize::try_from(index)?)
    };
    let (start, end) = (index("start_index")?, index("end_index")?);
    Ok(content.chars().skip(start).take(end - start).collect())
}

async fn answer() -> Outcome {
    let fixture = Fixture::with(&[("lease.md", LEASE.as_bytes())]).await?;
    let completion = chat(&fixture, &body("default", QUESTION)).await?.json(200)?;
    ensure!(completion["object"] == "chat.completion" && completion["model"] == "default", "{completion}");
    ensure!(completion["id"].as_str().is_some_and(|id| id.starts_with("chatcmpl-")), "{completion}");
    ensure!(completion["created"].as_i64().is_some_and(|at| at > 1_700_000_000), "{completion}");
    let choice = &completion["choices"][0];
    let message = &choice["message"];
    ensure!(choice["index"] == 0 && choice["finish_reason"] == "stop", "{choice}");
    ensure!(message["role"] == "assistant" && message["refusal"].is_null(), "{message}");
    let content = message["content"].as_str().context("a text")?;
    ensure!(content == "The tenant pays a deposit of 1,350 euro to the landlord.", "{content}");
    ensure!(
        completion["usage"] == json!({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}),
        "{completion}"
    );
    let annotation = &message["annotations"][0];
    ensure!(annotation["type"] == "url_citation" && cut(content, annotation)? == content, "{annotation}");
    let (url, place) = (&annotation["url_citation"]["url"], &annotation["pllm"]);
    let title = &annotation["url_citation"]["title"];
    ensure!(title == "lease.md, “Deposit”, line 7", "{title}");
    ensure!(
        place["support"] == "quote" && place["quote"] == content && place["name"] == "lease.md",
        "{place}"
    );
    let own = format!("http://localhost:{}/library/default/sources/", fixture.port);
    let rest = url.as_str().and_then(|url| url.strip_prefix(&own)).with_context(|| url.to_string())?;
    let (source, range) = rest.split_once('?').context("a range")?;
    let text = fixture.get(&format!("/api/collections/default/sources/{source}/text?{range}")).await?;
    let marked = text["segments"].as_array().context("pieces")?.iter().find(|piece| piece["mark"] == true);
    ensure!(marked.is_some_and(|piece| piece["text"] == content), "{text}");
    ensure!(completion["pllm"]["answer"] == content && completion["pllm"]["abstained"] == false);
    fixture.stop().await
}

async fn stream() -> Outcome {
    let fixture = Fixture::with(&[("lease.md", LEASE.as_bytes())]).await?;
    let whole = chat(&fixture, &body("default", QUESTION)).await?.json(200)?;
    let mut asked = body("default", QUESTION);
    asked["stream"] = true.into();
    for usage in [false, true] {
        asked["stream_options"] = json!({"include_usage": usage});
        let events = chunks(&chat(&fixture, &asked).await?)?;
        let (text, last) = collected(&events)?;
        let message = &whole["choices"][0]["message"];
        ensure!(message["content"] == text, "{text}, expected {message}");
        ensure!(last["finish_reason"] == "stop", "{last}");
        ensure!(last["delta"]["annotations"] == message["annotations"], "{last}");
        let ids: Vec<&Value> = events.iter().map(|event| &event["id"]).collect();
        ensure!(ids.iter().all(|id| *id == ids[0]), "one answer has one id: {ids:?}");
        ensure!(events.iter().all(|event| event["object"] == "chat.completion.chunk"), "{events:?}");
        let told: Vec<Option<&Value>> = events.iter().map(|event| event.get("usage")).collect();
        let (counted, others) = told.split_last().context("events")?;
        ensure!(others.iter().all(|told| told.is_some() == usage && told.is_none_or(Value::is_null)));
        ensure!(counted.is_some_and(|told| told["total_tokens"] == 0) == usage, "{events:?}");
        ensure!(events.iter().any(|event| event["pllm"]["answer"] == text), "{events:?}");
    }
    fixture.stop().await
}

async fn abstained() -> Outcome {
    let fixture = Fixture::with(&[("lease.md", LEASE.as_bytes())]).await?;
    let asked = body("default", "Who won the football championship of 1974?");
    let completion = chat(&fixture, &asked).await?.json(200)?;
    let message = &completion["choices"][0]["message"];
    ensure!(
        message["content"] == "Not in your documents." && message["annotations"] == json!([]),
        "{message}"
    );
    ensure!(completion["pllm"]["abstained"] == true, "{completion}");
    fixture.stop().await
}

/// For a reader, a prompt is a long question: what answers it has to be near to all of it.
const WRITER: &str =
    "The contract says that the tenant pays a deposit of 1,350 euro, and the rent is 900 euro a month.";

/// A library that is the language model of another one: what it quotes is checked against the other's contract.
async fn written() -> Outcome {
    let writer = Fixture::with(&[("lease.md", WRITER.as_bytes())]).await?;
    let address = format!("http://localhost:{}/v1", writer.port);
    for (deposit, supported) in [("1,350", true), ("1,999", false)] {
        let contract = format!("The tenant pays a deposit of {deposit} euro. The rent is 900 euro a month.");
        let fixture = Fixture::with_llm(&[("contract.md", contract.as_bytes())], &address).await?;
        let message = writes(&fixture, supported).await.context(contract)?;
        let mut asked = body("default@script", QUESTION);
        asked["stream"] = true.into();
        let events = chunks(&chat(&fixture, &asked).await?)?;
        let (text, last) = collected(&events)?;
        ensure!(message["content"] == text, "{events:?}");
        ensure!(message["annotations"] == last["delta"]["annotations"], "{events:?}");
        let alone = chat(&fixture, &body("default@", QUESTION)).await?.json(200)?;
        ensure!(alone["pllm"]["generated"].is_null(), "{alone}");
        fixture.stop().await?;
    }
    let pair = pair(&address).await?;
    ensure!(pair["host"] == format!("localhost:{}", writer.port) && pair["remote"] == false, "{pair}");
    writer.stop().await
}

/// What the list says of a collection with a language model at this address.
async fn pair(address: &str) -> Result<Value> {
    let fixture = Fixture::with_llm(&[], address).await?;
    fixture.send(&Call::post("/api/collections", &json!({"name": "c"}))).await?.json(201)?;
    let model = fixture.get("/v1/models/c@script").await?;
    fixture.stop().await?;
    Ok(model["pllm"].clone())
}

/// The message of a collection whose language model quotes [`WRITER`].
async fn writes(fixture: &Fixture, supported: bool) -> Result<Value> {
    let completion = chat(fixture, &body("default@script", QUESTION)).await?.json(200)?;
    let message = &completion["choices"][0]["message"];
    let content = message["content"].as_str().context("a text")?;
    let mark = content.strip_prefix(WRITER).with_context(|| completion.to_string())?;
    ensure!(completion["pllm"]["generated"]["model"] == "default", "{completion}");
    let annotation = &message["annotations"][0];
    if supported {
        ensure!(mark.is_empty() && annotation["pllm"]["support"] == "supported", "{message}");
        ensure!(annotation["pllm"]["name"] == "contract.md", "it rests on our own file: {message}");
        ensure!(cut(content, annotation)? == WRITER, "{message}");
    } else {
        ensure!(mark.starts_with(" [not in your documents: 1,350") && mark.ends_with(']'), "{message}");
        ensure!(annotation.is_null() || annotation["pllm"]["support"] == "unsupported", "{message}");
    }
    Ok(message.clone())
}

/// Writes one sentence, begins another, and leaves.
async fn leaves() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = vec![0; 1 << 16];
            let _ = connection.read(&mut request).await;
            let piece = json!({"choices": [{"delta": {"content": "The deposit is 1,350 euro. The ten"}}]});
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
            let _ = connection.write_all(format!("{head}data: {piece}\n\n").as_bytes()).await;
        }
    });
    Ok(port)
}

async fn failing() -> Outcome {
    let files: [(&str, &[u8]); 1] = [("lease.md", LEASE.as_bytes())];
    let closed = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let fixture = Fixture::with_llm(&files, &format!("http://localhost:{closed}/v1")).await?;
    let mut asked = body("default@script", QUESTION);
    let completion = chat(&fixture, &asked).await?.json(200)?;
    let content = completion["choices"][0]["message"]["content"].as_str().context("a text")?;
    let (found, told) = content.split_once("\n\n").context("two parts")?;
    ensure!(found == "The tenant pays a deposit of 1,350 euro to the landlord.", "{content}");
    ensure!(told.starts_with("The language model did not write: "), "{content}");
    ensure!(completion["pllm"]["llm_fault"]["kind"] == "unavailable", "{completion}");
    asked["stream"] = true.into();
    let (text, _) = collected(&chunks(&chat(&fixture, &asked).await?)?)?;
    ensure!(text == content, "{text}");
    fixture.stop().await?;
    let fixture = Fixture::with_llm(&files, &format!("http://localhost:{}/v1", leaves().await?)).await?;
    let reply = chat(&fixture, &asked).await?;
    let text = reply.text();
    let data: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    ensure!(data.iter().any(|data| data.contains("The deposit is 1,350 euro.")), "{text}");
    let last: Value = serde_json::from_str(data.last().context("events")?)?;
    ensure!(last["error"]["type"] == "server_error" && last["error"]["code"] == "unavailable", "{text}");
    fixture.stop().await
}

fn floats(vector: &Value) -> Result<Vec<f64>> {
    let values = vector.as_array().with_context(|| vector.to_string())?;
    values.iter().map(|value| value.as_f64().context("a number")).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

async fn embeddings() -> Outcome {
    let fixture = Fixture::with(&[("lease.md", LEASE.as_bytes())]).await?;
    let texts =
        ["The boiler was serviced in March.", "When was the heating maintained?", "A ferry at night."];
    let asked = json!({"model": "all-minilm-l6-v2", "input": texts, "dimensions": 384});
    let list = fixture.post("/v1/embeddings", &asked).await?;
    ensure!(list["object"] == "list" && list["model"] == "all-minilm-l6-v2", "{list}");
    ensure!(list["data"][2]["index"] == 2 && list["data"][2]["object"] == "embedding", "{list}");
    ensure!(list["usage"]["prompt_tokens"] == 18 && list["usage"]["total_tokens"] == 18, "{}", list["usage"]);
    let vectors: Vec<Vec<f64>> =
        (0..3).map(|n| floats(&list["data"][n]["embedding"])).collect::<Result<_>>()?;
    ensure!(vectors.iter().all(|vector| vector.len() == 384 && (dot(vector, vector) - 1.0).abs() < 1e-5));
    ensure!(dot(&vectors[0], &vectors[1]) > dot(&vectors[0], &vectors[2]) + 0.2, "meaning is near");
    let asked = json!({"model": "default", "input": texts[1], "encoding_format": "base64"});
    let one = fixture.post("/v1/embeddings", &asked).await?;
    let encoded = one["data"][0]["embedding"].as_str().context("a text")?;
    ensure!(encoded.len() == 384 * 4 / 3 * 4, "{} signs", encoded.len());
    let beginning: Vec<u8> =
        vectors[1].iter().take(3).flat_map(|value| as_f32(*value).to_le_bytes()).collect();
    ensure!(encoded.starts_with(&base64(&beginning)), "{encoded}");
    let long = json!({"model": "default", "input": ["short", "long ".repeat(400)]});
    let error = fixture.send(&Call::post("/v1/embeddings", &long)).await?.json(400)?;
    ensure!(error["error"]["message"].as_str().is_some_and(|text| text.contains("400 tokens")), "{error}");
    fixture.stop().await
}

#[expect(clippy::cast_possible_truncation, reason = "it was an f32 before it was JSON")]
fn as_f32(value: f64) -> f32 {
    value as f32
}

/// RFC 4648 section 4, of a number of bytes that three divides.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let three = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(SIGNS[bits >> shift & 63]))
    };
    bytes.chunks(3).flat_map(three).collect()
}

async fn busy() -> Outcome {
    let fixture = Fixture::with_limits(&[], &[("server.max_streams", 1)]).await?;
    with_collection(&fixture).await?;
    let job = begin_long(&fixture).await?;
    let (held, head) = Call::get(format!("/api/jobs/{}/events", job["id"])).begin(fixture.port).await?;
    ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
    let mut asked = body("c", QUESTION);
    asked["stream"] = true.into();
    let reply = chat(&fixture, &asked).await?;
    let error = reply.json(429)?;
    ensure!(
        error["error"]["type"] == "rate_limit_error" && reply.header("retry-after").is_some(),
        "{reply:?}"
    );
    drop(held);
    fixture.send(&Call::new("POST", format!("/api/jobs/{}/cancel", job["id"]))).await?.json(200)?;
    fixture.stop().await
}

async fn models() -> Outcome {
    let fixture = Fixture::empty().await?;
    for name in ["notes", "me@home", "Äh / x"] {
        fixture.send(&Call::post("/api/collections", &json!({"name": name}))).await?.json(201)?;
    }
    let list = fixture.get("/v1/models").await?;
    let data = list["data"].as_array().context("models")?;
    let ids: Vec<&str> = data.iter().filter_map(|model| model["id"].as_str()).collect();
    ensure!(list["object"] == "list" && ids == ["me@home", "notes", "Äh / x", "all-minilm-l6-v2"], "{ids:?}");
    ensure!(data.iter().all(|model| model["object"] == "model" && model["created"].is_i64()), "{list}");
    for (target, id) in [("me%40home", "me@home"), ("%C3%84h%20%2F%20x", "Äh / x")] {
        let model = fixture.get(&format!("/v1/models/{target}")).await?;
        ensure!(model["id"] == id && model["pllm"]["collection"] == id, "{model}");
    }
    fixture.stop().await
}

async fn errors() -> Outcome {
    let fixture = Fixture::empty().await?;
    fixture.send(&Call::post("/api/collections", &json!({"name": "there"}))).await?.json(201)?;
    let ask = |changed: Value| {
        let mut body = body("there", "Why?");
        for (name, value) in changed.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        Call::post(CHAT, &body)
    };
    let embed = |model: &str, input: Value| {
        Call::post("/v1/embeddings", &json!({"model": model, "input": input, "dimensions": 3}))
    };
    let invalid = "invalid_request_error";
    let cases = [
        (Call::get("/v1"), 404, "not_found", Value::Null),
        (Call::post("/v1/completions", &json!({})), 404, "not_found", Value::Null),
        (Call::get("/v1/models/none"), 404, "model_not_found", json!("model")),
        (ask(json!({"model": "none"})), 404, "model_not_found", json!("model")),
        (ask(json!({"model": "there@none"})), 404, "model_not_found", json!("model")),
        (embed("none", json!("x")), 404, "model_not_found", json!("model")),
        (Call::get(CHAT), 405, "method_not_allowed", Value::Null),
        (Call::new("DELETE", "/v1/models/there"), 405, "method_not_allowed", Value::Null),
        (Call::new("POST", CHAT).body(b"{}".to_vec()), 415, "unsupported_media_type", Value::Null),
        (Call::post(CHAT, &json!({"model": "there"})), 400, "invalid_input", Value::Null),
        (ask(json!({"messages": []})), 400, "invalid_input", json!("messages")),
        (ask(json!({"n": 2})), 400, "invalid_input", json!("n")),
        (
            ask(json!({"messages": [{"role": "user", "content": "x".repeat(300 << 10)}]})),
            413,
            "too_large",
            Value::Null,
        ),
        (embed("there", json!([[1, 2]])), 400, "invalid_input", Value::Null),
        (embed("there", json!("x")), 400, "invalid_input", json!("dimensions")),
        (ask(json!({})).with("host", "evil.example"), 421, "misdirected", Value::Null),
        (ask(json!({})).with("origin", "http://evil.example"), 403, "denied", Value::Null),
    ];
    for (n, (call, status, code, param)) in cases.iter().enumerate() {
        let reply = fixture.send(call).await?;
        let told = reply.json(*status).with_context(|| format!("case {n}"))?;
        let error = &told["error"];
        ensure!(told.as_object().is_some_and(|told| told.len() == 1), "case {n}: {told}");
        ensure!(
            error["type"] == invalid && error["code"] == *code && error["param"] == *param,
            "case {n}: {told}"
        );
        ensure!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "case {n}: {told}");
        ensure!(reply.header("content-type") == Some("application/json"), "case {n}: {reply:?}");
        ensure!(reply.header("x-request-id").is_some(), "case {n}: {reply:?}");
    }
    // There is no model to read with: that is no fault of the request, and not hidden.
    let reply = fixture.send(&ask(json!({}))).await?;
    ensure!(reply.json(404)?["error"]["code"] == "not_found", "{reply:?}");
    fixture.stop().await
}
