//! How long a child lives, what takes its place, and how many may wait for it.

use crate::local::Stage;
use anyhow::{Context, ensure};
use futures::future::join_all;
use libtest_mimic::{Failed, Trial};
use pllm_core::{
    CancelFlag, ErrorKind, FinishReason, GenerationEvent, GenerationRequest, Generator, Message, Result,
    Role, RunContext,
};
use pllm_testkit::generator_suite::{Ending, Script, Scripted};
use std::future::Future;
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("life::a_child_starts_when_it_is_needed_and_stays", stays),
        trial("life::a_child_that_is_killed_costs_one_answer", killed),
        trial("life::a_child_that_hangs_is_replaced", hangs),
        trial("life::a_child_that_nobody_needs_ends", idle),
        trial("life::it_ends_with_its_generator", dropped),
        trial("life::more_than_a_few_do_not_wait", waiting),
        trial("life::tokens_are_counted_while_an_answer_is_written", counted),
    ]
}

fn trial<F>(name: &'static str, case: fn() -> F) -> Trial
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let limited = async { tokio::time::timeout(Duration::from_secs(60), case()).await };
        let outcome = runtime.block_on(limited).map_err(|_| Failed::from("it hangs"))?;
        outcome.map_err(|error| Failed::from(format!("{error:?}")))
    })
}

const LONG: Duration = Duration::from_secs(60);

fn short() -> Script {
    Script::new(&["yes"], Ending::Finish(FinishReason::Stop))
}

/// An answer that goes on for minutes.
fn endless() -> Script {
    Script { pace: Duration::from_millis(20), ..Script::new(&vec!["word "; 9000], Ending::Hang) }
}

fn request() -> GenerationRequest {
    let messages = vec![Message { role: Role::User, content: "Is it?".to_owned() }];
    GenerationRequest { messages, max_tokens: 9999, temperature: 0.0, stop: Vec::new(), seed: None }
}

fn quiet() -> RunContext {
    RunContext::new(CancelFlag::default())
}

async fn ask(stage: &Stage) -> Result<String> {
    let mut stream = stage.generator.generate(request(), &quiet()).await?;
    let mut text = String::new();
    while let Some(event) = stream.next().await? {
        if let GenerationEvent::Text(piece) = event {
            text.push_str(&piece);
        }
    }
    Ok(text)
}

/// The one child that is there.
fn child(stage: &Stage) -> anyhow::Result<i32> {
    let children = stage.children.lock().expect("no panic").clone();
    ensure!(children.len() == 1, "children {children:?}, expected one");
    Ok(children[0])
}

/// Waits until no child is there.
async fn gone(stage: &Stage) {
    while !stage.children.lock().expect("no panic").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn stays() -> anyhow::Result<()> {
    let stage = Stage::new(vec![short()], LONG)?;
    ensure!(stage.children.lock().expect("no panic").is_empty(), "a child without need");
    ensure!(ask(&stage).await? == "yes");
    let first = child(&stage)?;
    for _ in 0..3 {
        ensure!(ask(&stage).await? == "yes" && child(&stage)? == first);
    }
    Ok(())
}

async fn killed() -> anyhow::Result<()> {
    let stage = Stage::new(vec![endless(), short()], LONG)?;
    let mut stream = stage.generator.generate(request(), &quiet()).await?;
    ensure!(matches!(stream.next().await?, Some(GenerationEvent::Text(_))));
    let first = child(&stage)?;
    let killed = std::process::Command::new("kill").args(["-KILL", &first.to_string()]).status()?;
    ensure!(killed.success());
    let error = loop {
        match stream.next().await {
            Ok(Some(_)) => {}
            Ok(None) => anyhow::bail!("no error"),
            Err(error) => break error,
        }
    };
    ensure!(error.message().contains("signal 9"), "{error}");
    ensure!(ask(&stage).await? == "yes" && child(&stage)? != first);
    Ok(())
}

async fn hangs() -> anyhow::Result<()> {
    let stage = Stage::new(vec![Script::new(&["a"], Ending::Hang), short()], LONG)?;
    let mut stream = stage.generator.generate(request(), &quiet()).await?;
    ensure!(matches!(stream.next().await?, Some(GenerationEvent::Text(_))));
    let first = child(&stage)?;
    let next = tokio::time::timeout(Duration::from_millis(100), stream.next()).await;
    ensure!(next.is_err(), "it hangs in its next step");
    let left = Instant::now();
    drop(stream);
    ensure!(ask(&stage).await? == "yes" && child(&stage)? != first);
    let took = left.elapsed();
    ensure!((Duration::from_millis(1900)..Duration::from_secs(6)).contains(&took), "replaced after {took:?}");
    Ok(())
}

async fn idle() -> anyhow::Result<()> {
    let stage = Stage::new(vec![short()], Duration::from_millis(50))?;
    ensure!(ask(&stage).await? == "yes");
    gone(&stage).await;
    ensure!(ask(&stage).await? == "yes");
    Ok(())
}

async fn dropped() -> anyhow::Result<()> {
    let mut stage = Stage::new(vec![short()], LONG)?;
    ensure!(ask(&stage).await? == "yes");
    let other = Stage::new(vec![short()], LONG)?;
    stage.generator = std::sync::Arc::clone(&other.generator);
    gone(&stage).await;
    Ok(())
}

async fn waiting() -> anyhow::Result<()> {
    let stage = Stage::new(vec![endless(), short()], LONG)?;
    let mut first = stage.generator.generate(request(), &quiet()).await?;
    first.next().await?;
    let asked = join_all((0..12).map(|_| ask(&stage)));
    let leave = async {
        // Who waits has asked by now, for joined futures begin in order.
        drop(first);
    };
    let (answers, ()) = tokio::join!(asked, leave);
    let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    ensure!(refused.iter().all(|error| error.kind() == ErrorKind::Overloaded), "{refused:?}");
    ensure!(refused.len() == 4, "{} refused, expected those beyond eight", refused.len());
    ensure!(stage.asked().len() == 9);
    Ok(())
}

async fn counted() -> anyhow::Result<()> {
    let stage = Stage::new(vec![endless()], LONG)?;
    let mut stream = stage.generator.generate(request(), &quiet()).await?;
    stream.next().await?;
    let tokens = stage.generator.count_tokens("one two three").await?;
    ensure!(tokens == 3, "{tokens} tokens");
    ensure!(stream.next().await?.context("it goes on")? == GenerationEvent::Text("word ".to_owned()));
    Ok(())
}
