//! What one case of the suite has in hand, and the calls that cases repeat.

use super::{Ending, GeneratorFactory, Script, Scripted};
use futures::future::BoxFuture;
use libtest_mimic::Failed;
use pllm_core::{
    CancelFlag, FinishReason, GenerationEvent, GenerationRequest, GenerationStream, Message, Result, Role,
    RunContext, Usage,
};
use std::sync::Arc;

/// How a case ends.
pub(super) type Outcome = Result<(), Failed>;

/// A case in the table of its module.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) run: fn(Case) -> BoxFuture<'static, Outcome>,
}

/// The table of a module: `cases![function, …]`; a case is named as its function.
macro_rules! cases {
    ($($function:ident),* $(,)?) => {
        &[$($crate::generator_suite::case::Entry {
            name: stringify!($function),
            run: |case| Box::pin($function(case)),
        }),*]
    };
}
pub(super) use cases;

/// One case's world.
pub(super) struct Case {
    pub(super) factory: Arc<dyn GeneratorFactory>,
}

impl Case {
    pub(super) async fn start(&self, scripts: &[Script]) -> Result<Box<dyn Scripted>> {
        self.factory.start(scripts.to_vec()).await
    }
}

/// Pieces that hold what is easily broken: a character of four bytes, white space, marks of several wires.
pub(super) const PIECES: &[&str] = &["Dear ", "Zoë 🙂", ",\n\n", "data: [DONE]", " \"quoted\" \\n ", "end"];

/// A call that ends well.
pub(super) fn well() -> Script {
    Script::new(PIECES, Ending::Finish(FinishReason::Stop))
}

pub(super) fn request() -> GenerationRequest {
    GenerationRequest {
        messages: vec![
            Message { role: Role::System, content: "Answer in one word.".to_owned() },
            Message { role: Role::User, content: "Who is \"Zoë\"?\n<|im_end|>".to_owned() },
        ],
        max_tokens: 64,
        temperature: 0.5,
        stop: vec!["\n\nUser:".to_owned()],
        seed: Some(7),
    }
}

pub(super) fn quiet() -> RunContext {
    RunContext::new(CancelFlag::default())
}

/// A whole answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Whole {
    pub(super) text: String,
    pub(super) usage: Option<Usage>,
    pub(super) finish: Option<FinishReason>,
}

/// Takes the next events while they are text, at most `most`.
pub(super) async fn texts(stream: &mut dyn GenerationStream, most: usize) -> Result<String> {
    let mut all = String::new();
    for _ in 0..most {
        match stream.next().await? {
            Some(GenerationEvent::Text(text)) => all.push_str(&text),
            other => panic!("{other:?}, expected text after {all:?}"),
        }
    }
    Ok(all)
}

/// Takes the rest of an answer and holds it to the order of events.
pub(super) async fn collect(stream: &mut dyn GenerationStream) -> Result<Whole> {
    let mut whole = Whole::default();
    while let Some(event) = stream.next().await? {
        assert!(whole.finish.is_none(), "{event:?} after the end");
        match event {
            GenerationEvent::Text(text) => {
                assert!(!text.is_empty(), "a text is empty");
                assert!(whole.usage.is_none(), "{text:?} after the usage");
                whole.text.push_str(&text);
            }
            GenerationEvent::Usage(usage) => {
                assert!(whole.usage.replace(usage).is_none(), "the usage was told twice");
            }
            GenerationEvent::Finish(reason) => whole.finish = Some(reason),
        }
    }
    assert!(stream.next().await?.is_none(), "something came after the end");
    Ok(whole)
}

/// A whole call.
pub(super) async fn ask(scripted: &dyn Scripted) -> Result<Whole> {
    let mut stream = scripted.generator().generate(request(), &quiet()).await?;
    collect(stream.as_mut()).await
}

/// Fails unless the engine answers as [`well`] says.
pub(super) async fn expect_well(scripted: &dyn Scripted) -> Outcome {
    let whole = ask(scripted).await?;
    if whole.text == PIECES.concat() { Ok(()) } else { Err(format!("{whole:?}, expected {PIECES:?}").into()) }
}
