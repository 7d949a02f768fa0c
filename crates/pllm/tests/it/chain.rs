//! One service is the language model of another one: our own client of OpenAI's language asks our own `/v1`.

use crate::program::{Outcome, Program, with_model};
use crate::serve::{Running, SERVE};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use std::process::Command;

pub(crate) fn trials() -> Vec<Trial> {
    vec![with_model("chain::a_library_writes_for_another_one", None, chain)]
}

const QUESTION: &str = "How much is the deposit?";
/// For a reader, a prompt is a long question: what answers it has to be near to all of it.
const WRITER: &str =
    "The contract says that the tenant pays a deposit of 1,350 euro, and the rent is 900 euro a month.";
const LEASE: &str = "The tenant pays a deposit of 1,350 euro. The rent is 900 euro a month.";

fn chain() -> Outcome {
    let (writer, asker) = (Program::new()?, Program::new()?);
    writer.file("lease.md", WRITER)?;
    writer.run(&["ingest", "."], 0)?;
    let running = Running::start(writer.command(&SERVE))?;
    asker.file("contract.md", LEASE)?;
    asker.run(&["ingest", "."], 0)?;
    let config = asker.data().with_file_name("config.toml");
    let table = |name: &str, model: &str| {
        let address = &running.address;
        format!(
            "[llm.{name}]\nbase_url = \"http://{address}/v1\"\nmodel = \"{model}\"\nkey_env = \"CHAIN_KEY\"\n"
        )
    };
    std::fs::write(&config, table("first", "default") + &table("wrong", "nobody"))?;
    let command = |arguments: &[&str]| {
        let mut command = asker.command(arguments);
        command.env("PLLM_CONFIG", &config).env("CHAIN_KEY", "sk-anything");
        command
    };
    let checked = json(command(&["llms", "check", "first", "--json"]))?;
    ensure!(checked["host"] == running.address && checked["model"] == "default", "{checked}");
    let refused = command(&["llms", "check", "wrong"]).output()?;
    let told = String::from_utf8(refused.stderr)?;
    ensure!(!refused.status.success() && told.contains("nobody") && told.contains("default"), "{told}");
    let answer = json(command(&["ask", QUESTION, "--llm", "first", "--json"]))?;
    let generated = &answer["generated"];
    let sentence = &generated["sentences"][0];
    ensure!(sentence["text"].as_str().is_some_and(|text| text.contains("1,350 euro")), "{answer}");
    ensure!(sentence["support"] == "supported" && generated["finish"] == "stop", "{generated}");
    ensure!(generated["citations"][0]["name"] == "contract.md", "it rests on our own file: {generated}");
    // Over both services, as it is written.
    let between = Running::start(command(&SERVE))?;
    let body = format!(
        r#"{{"model": "default@first", "stream": true, "messages": [{{"role": "user", "content": "{QUESTION}"}}]}}"#
    );
    let told = between.json("POST", "/v1/chat/completions", &body)?;
    ensure!(told.contains("1,350 euro") && told.contains("contract.md"), "{told}");
    ensure!(told.contains("data: [DONE]"), "{told}");
    Ok(())
}

fn json(mut command: Command) -> anyhow::Result<serde_json::Value> {
    let output = command.output()?;
    let (text, errors) = (String::from_utf8(output.stdout)?, String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{text}{errors}");
    serde_json::from_str(&text).with_context(|| text.clone())
}
