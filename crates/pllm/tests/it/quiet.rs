//! Whom does it speak to? To nobody: every connection of whole sessions is looked at, those of its children too.

use crate::program::{LLM, Outcome, Program, binary, repository, with_llm, with_model};
use crate::serve::{Running, SERVE};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("quiet::commands_speak_to_nobody", Some("strace"), commands),
        with_llm("quiet::a_session_of_the_page_speaks_to_nobody_else", Some("strace"), session),
    ]
}

/// A page that would load something if it were shown as one.
const HTML: &str = "<p>The boiler was serviced in March.</p><img src=\"http://192.0.2.1/x.png\"><script src=\"http://192.0.2.1/x.js\"></script>";
const QUESTION: &str = "When was the boiler serviced?";

fn commands() -> Outcome {
    let program = Program::new()?;
    program.file("a.html", HTML)?;
    std::fs::copy(
        repository().join("tests/data/library/files/studio-lease.pdf"),
        program.files().join("lease.pdf"),
    )?;
    for (name, arguments) in
        [("ingest", vec!["ingest", "."]), ("ask", vec!["ask", QUESTION]), ("doctor", vec!["doctor"])]
    {
        let calls = program.data().with_file_name(name);
        let output = traced(&program, &arguments, &calls).output()?;
        ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let outside = outside(&calls)?;
        ensure!(outside.is_empty(), "{name}: {outside:?}");
    }
    Ok(())
}

fn session() -> Outcome {
    let program = Program::new()?;
    let calls = program.data().with_file_name("serve");
    let running = Running::start(traced(&program, &SERVE, &calls))?;
    let mut client = Client { address: running.address.clone(), called: BTreeSet::new() };
    library(&mut client)?;
    pages(&mut client)?;
    let every = operations()?;
    let missing: Vec<_> = every.difference(&client.called).collect();
    ensure!(missing.is_empty(), "this session has to call these, too: {missing:?}");
    let lock: Value = serde_json::from_str(&std::fs::read_to_string(program.data().join("lock"))?)?;
    let holder = lock["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).context("its process")?;
    ensure!(running.end(holder)? == Some(0), "it ends well");
    let all = std::fs::read_to_string(&calls)?;
    ensure!(all.contains("bind(") && all.contains("127.0.0.1"), "the calls were seen: {all}");
    let outside = outside(&calls)?;
    ensure!(outside.is_empty(), "{outside:?}");
    Ok(())
}

/// What a person does with a library, through every operation of the API.
fn library(client: &mut Client) -> Outcome {
    client.get("/api/collections", &[])?;
    client.post("/api/collections", &[], r#"{"name": "c"}"#)?;
    client.call("PATCH", "/api/collections/{name}", &[], ("application/json", br#"{"local_only": true}"#))?;
    let lease = std::fs::read(repository().join("tests/data/library/files/studio-lease.pdf"))?;
    let job = client
        .upload("/api/collections/{name}/sources", &[("a.html", HTML.as_bytes()), ("lease.pdf", &lease)])?;
    let job = job["id"].to_string();
    let text = client.post(
        "/api/collections/{name}/texts",
        &[],
        r#"{"name": "note", "text": "The key hangs behind the bar."}"#,
    )?;
    for id in [job.clone(), text["id"].to_string()] {
        let events = client.text("GET", "/api/jobs/{id}/events", &[("id", &id)])?;
        ensure!(events.contains("event: done") && events.contains("\"state\":\"done\""), "{events}");
    }
    client.get("/api/jobs", &[])?;
    client.get("/api/jobs/{id}", &[("id", &job)])?;
    client.post("/api/jobs/{id}/cancel", &[("id", &job)], "")?;
    client.post("/api/jobs/{id}/retry", &[("id", &job)], "")?;
    client.call("DELETE", "/api/jobs/{id}", &[("id", &job)], ("", b""))?;
    client.upload("/api/collections/{name}/columns", &[("t.csv", b"a,b\n1,2\n")])?;
    let answer =
        client.post("/api/collections/{name}/ask", &[], &format!(r#"{{"question": "{QUESTION}"}}"#))?;
    ensure!(answer["answer"].as_str().is_some_and(|text| text.contains("in March")), "{answer}");
    client.get("/api/llms", &[])?;
    client.post("/api/llms/check", &[], &format!(r#"{{"name": "{LLM}"}}"#))?;
    let written = format!(r#"{{"question": "{QUESTION}", "llm": "{LLM}"}}"#);
    let written = client.post("/api/collections/{name}/ask", &[], &written)?;
    ensure!(written["generated"]["draft"] == true && written["generated"]["host"].is_null(), "{written}");
    let trace = written["trace"].to_string();
    let why = client.get("/api/traces/{id}", &[("id", &trace)])?;
    ensure!(why["prompt"]["segments"].is_array() && why["generated"]["sentences"].is_array(), "{why}");
    let again = client.post("/api/traces/{id}/replay", &[("id", &trace)], "")?;
    ensure!(again["identical"] == true && again["index_changed"] == false, "{again}");
    client.get("/api/traces", &[])?;
    client.post("/api/collections/{name}/search", &[], r#"{"query": "boiler"}"#)?;
    openai(client)?;
    client.get("/api/collections/{name}", &[])?;
    let sources = client.get("/api/collections/{name}/sources", &[])?;
    for source in sources["sources"].as_array().context("a list")? {
        let id = source["id"].as_str().context("an id")?;
        for target in ["", "/text", "/original"] {
            client.call(
                "GET",
                &format!("/api/collections/{{name}}/sources/{{id}}{target}"),
                &[("id", id)],
                ("", b""),
            )?;
        }
        if source["format"] == "pdf" {
            client.get("/api/collections/{name}/sources/{id}/pages/{page}", &[("id", id), ("page", "1")])?;
        }
    }
    let first = sources["sources"][0]["id"].as_str().context("an id")?;
    client.call("DELETE", "/api/collections/{name}/sources/{id}", &[("id", first)], ("", b""))?;
    let second = format!(r#"{{"sources": [{}]}}"#, sources["sources"][1]["id"]);
    client.post("/api/collections/{name}/deletions", &[], &second)?;
    client.call("DELETE", "/api/traces", &[], ("", b""))?;
    client.call("DELETE", "/api/collections/{name}", &[], ("", b""))?;
    Ok(())
}

/// The same in OpenAI's language.
fn openai(client: &mut Client) -> Outcome {
    client.get("/v1/models", &[])?;
    client.get("/v1/models/{model}", &[("model", "c")])?;
    client.post("/v1/embeddings", &[], r#"{"model": "c", "input": "boiler"}"#)?;
    let asked =
        format!(r#"{{"model": "c@{LLM}", "messages": [{{"role": "user", "content": "{QUESTION}"}}]}}"#);
    let written = client.post("/v1/chat/completions", &[], &asked)?;
    ensure!(written["usage"]["completion_tokens"].as_u64().is_some_and(|tokens| tokens > 0), "{written}");
    Ok(())
}

/// What the page is made of, each file of it, and the pages beside it.
fn pages(client: &mut Client) -> Outcome {
    for target in ["/api/formats", "/api/health", "/api/models", "/api/openapi.json"] {
        client.get(target, &[])?;
    }
    let alone = [
        "/",
        "/library/c",
        "/about",
        "/livez",
        "/readyz",
        "/api/docs",
        "/api/docs.css",
        "/problems/not-found",
    ];
    let built = files(&repository().join("web/dist"), "")?;
    let shows_page = client.text("GET", "/", &[])?.contains("/assets/");
    let own = built.into_iter().filter(|_| shows_page);
    for target in alone.map(str::to_owned).into_iter().chain(own) {
        client.call("GET", &target, &[], ("", b""))?;
    }
    Ok(())
}

/// `pllm` under a tracer that writes every call that may reach another computer.
fn traced(program: &Program, arguments: &[&str], calls: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-e", "trace=bind,connect,sendto,sendmsg,sendmmsg", "-o"])
        .arg(calls)
        .arg(binary());
    traced.args(arguments).env("PLLM_CONFIG", "/dev/null").env("PLLM_DATA_DIR", program.data());
    traced.current_dir(program.files());
    traced
}

/// The calls that name an address of the internet protocols that is not this computer's.
fn outside(calls: &Path) -> anyhow::Result<Vec<String>> {
    let calls = std::fs::read_to_string(calls)?;
    let is_outside =
        |line: &&str| line.contains("AF_INET") && !line.contains("127.0.0.1") && !line.contains("\"::1\"");
    Ok(calls.lines().filter(is_outside).map(str::to_owned).collect())
}

/// Every operation that the API describes: method and path.
fn operations() -> anyhow::Result<BTreeSet<(String, String)>> {
    let document = std::fs::read_to_string(repository().join("docs/openapi.json"))?;
    let document: Value = serde_json::from_str(&document)?;
    let paths = document["paths"].as_object().context("paths")?;
    let methods = |item: &Value| {
        item.as_object().map(|item| item.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let all = paths.iter().flat_map(|(path, item)| {
        methods(item).into_iter().map(|method| (method.to_uppercase(), path.clone()))
    });
    Ok(all.collect())
}

/// The files below a folder, as paths of addresses.
fn files(folder: &Path, prefix: &str) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(found) };
    for entry in entries {
        let entry = entry?;
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => found.extend(files(&entry.path(), &name)?),
            false => found.push(name),
        }
    }
    Ok(found)
}

/// Calls operations, and remembers which.
struct Client {
    address: String,
    called: BTreeSet<(String, String)>,
}

impl Client {
    fn get(&mut self, path: &str, values: &[(&str, &str)]) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(&self.call("GET", path, values, ("", b""))?)?)
    }

    fn post(&mut self, path: &str, values: &[(&str, &str)], body: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(&self.call(
            "POST",
            path,
            values,
            ("application/json", body.as_bytes()),
        )?)?)
    }

    fn text(&mut self, method: &str, path: &str, values: &[(&str, &str)]) -> anyhow::Result<String> {
        Ok(String::from_utf8(self.call(method, path, values, ("", b""))?)?)
    }

    fn upload(&mut self, path: &str, files: &[(&str, &[u8])]) -> anyhow::Result<Value> {
        let mut form = Vec::new();
        for (name, bytes) in files {
            form.extend(
                format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                    .bytes(),
            );
            form.extend(*bytes);
            form.extend(b"\r\n");
        }
        form.extend(b"--b--\r\n");
        Ok(serde_json::from_slice(&self.call(
            "POST",
            path,
            &[],
            ("multipart/form-data; boundary=b", &form),
        )?)?)
    }

    /// The body of what `path` answers, its parameters filled in. It has to go well.
    fn call(
        &mut self,
        method: &str,
        path: &str,
        values: &[(&str, &str)],
        (kind, body): (&str, &[u8]),
    ) -> anyhow::Result<Vec<u8>> {
        self.called.insert((method.to_owned(), path.to_owned()));
        let mut target = path.replace("{name}", "c");
        for (name, value) in values {
            target = target.replace(&format!("{{{name}}}"), value);
        }
        let mut stream = TcpStream::connect(&self.address)?;
        let (host, length) = (&self.address, body.len());
        let head = format!(
            "{method} {target} HTTP/1.0\r\nhost: {host}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply)?;
        let end = reply.windows(4).position(|four| four == b"\r\n\r\n").context("a head")?;
        let head = String::from_utf8_lossy(&reply[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap_or_default();
        // Of a job that went well there is nothing to do again.
        let fits = status.starts_with('2') || status == "409" && path.ends_with("/retry");
        ensure!(fits, "{method} {target}: {head}");
        Ok(reply.split_off(end + 4))
    }
}
