//! The engine's promises: order, events, cancel, types, values handed over.

use super::fakes::{Heard, Library, bindings, listen, query};
use super::shipped::{ask, library};
use crate::{Graph, Kind, Pipeline, Registry, Setup};
use async_trait::async_trait;
use pllm_core::*;
use std::collections::BTreeSet;
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[Socket::optional("a", SocketType::Text), Socket::optional("b", SocketType::Text)],
    outputs: &[Socket::new("text", SocketType::Text), Socket::new("nothing", SocketType::Text)],
};

/// Writes `name(a,b)`, and never gives `nothing`; named `cancel` it asks for a stop, named `wrong` it gives a count.
#[derive(Debug)]
struct Echo(String);

#[async_trait]
impl Component for Echo {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }
    async fn run(&self, inputs: Values, context: &RunContext) -> Result<Values> {
        let text = |socket| inputs.text(socket).map_or_else(|_| "-".to_owned(), |text| text.to_string());
        if self.0 == "cancel" {
            context.take_state::<CancelFlag>("flag").expect("a flag").cancel();
        }
        let text = Value::Text(format!("{}({},{})", self.0, text("a"), text("b")).into());
        Ok(Values::new().with("text", if self.0 == "wrong" { Value::Count(1) } else { text }))
    }
}

fn echo() -> Registry {
    let build = |setup: &Setup<'_>| Ok(Arc::new(Echo(setup.name.to_owned())) as Arc<dyn Component>);
    Registry::new().with(Kind { name: "Echo", doc: "", sockets: SOCKETS, parameters: Vec::new(), build })
}

/// A pipeline of echoes with `connections` (`a.text -> b.a`, a line each), `inputs` as in a file, and `outputs` (`b.text c.text`),
/// which are named `out_b_text` and so on.
fn pipeline(connections: &str, inputs: &str, outputs: &str) -> Pipeline {
    let ports = outputs.split(' ').chain(connections.split_whitespace());
    let names: BTreeSet<&str> = ports.filter_map(|port| port.split_once('.')).map(|(name, _)| name).collect();
    let components: String = names.iter().map(|name| format!("  {name}: {{ type: Echo }}\n")).collect();
    let connections: Vec<String> = connections
        .lines()
        .filter_map(|line| line.split_once(" -> "))
        .map(|(sender, receiver)| format!("{{ sender: {sender}, receiver: {receiver} }}"))
        .collect();
    let outputs: String =
        outputs.split(' ').map(|port| format!("  out_{}: {port}\n", port.replace('.', "_"))).collect();
    let connections = connections.join(", ");
    let file = format!(
        "components:\n{components}connections: [{connections}]\ninputs: {{{inputs}}}\noutputs:\n{outputs}"
    );
    let graph = Graph::read(&file, "echo.yaml", &echo()).expect("sound");
    Pipeline::build(graph, &bindings(&Arc::new(Library::default()))).expect("built")
}

#[tokio::test]
async fn ready_components_run_in_the_order_of_their_names() {
    let pipeline = pipeline("z.text -> a.a\nm.text -> a.b\na.text -> b.a", "in: [z.a, b.b]", "b.text c.text");
    let (context, heard) = listen();
    let inputs = Values::new().with("in", query("x"));
    let values = pipeline.run(inputs, &["out_b_text", "out_c_text"], &context).await.expect("values");
    assert_eq!(&*values.text("out_b_text").expect("text"), "b(a(z(x,-),m(-,-)),x)");
    assert_eq!(heard.ran(), ["c", "m", "z", "a", "b"]);
}

#[tokio::test]
async fn only_what_is_asked_for_runs_and_a_given_socket_replaces_what_feeds_it() {
    let pipeline = pipeline("z.text -> a.a\nm.text -> a.b\na.text -> b.a", "", "b.text c.text");
    let (context, heard) = listen();
    let inputs = Values::new().with("a.a", query("given"));
    let values = pipeline.run(inputs, &["a.text"], &context).await.expect("values");
    assert_eq!(&*values.text("a.text").expect("text"), "a(given,m(-,-))");
    assert_eq!(heard.ran(), ["m", "a"]);
}

#[tokio::test]
async fn an_optional_socket_whose_sender_gave_nothing_is_left_out() {
    let pipeline = pipeline("z.nothing -> a.a", "", "a.text z.nothing");
    let (context, _) = listen();
    let values = pipeline.run(Values::new(), &["out_a_text"], &context).await.expect("values");
    assert_eq!(&*values.text("out_a_text").expect("text"), "a(-,-)");
    let error = pipeline.run(Values::new(), &["out_z_nothing"], &context).await.expect_err("empty");
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Internal, "output \"out_z_nothing\" was left empty")
    );
}

#[tokio::test]
async fn what_a_run_is_given_is_checked() {
    let library = Arc::new(library());
    let ask = ask(&library);
    let check = async |inputs: Values, outputs: &[&str], expected: &str| {
        let (context, heard) = listen();
        let error = ask.run(inputs, outputs, &context).await.expect_err("refused");
        assert_eq!(error.to_string(), format!("{expected} (pipeline=ask.yaml)"));
        assert_eq!((error.kind(), heard.ran().len()), (ErrorKind::InvalidInput, 0));
    };
    let question = || Values::new().with("query", query("x"));
    check(Values::new(), &["documents"], "input \"query\" is missing").await;
    check(Values::new().with("query", Value::Count(1)), &[], "input \"query\" is count, expected text").await;
    let known = "the inputs are dense_weight, filter, llm, query, top_k";
    check(question().with("qeury", query("x")), &[], &format!("no input \"qeury\", {known}")).await;
    check(question().with("reader.text", query("x")), &[], &format!("no input \"reader.text\", {known}"))
        .await;
    let known = "the outputs are answer, dense, documents, generated, keyword, prompt, reading";
    check(question(), &["spans"], &format!("no output \"spans\", {known}")).await;
}

#[tokio::test]
async fn a_run_ends_where_it_is_cancelled_or_late() {
    let pipeline = pipeline("cancel.text -> later.a", "", "later.text");
    let flag = CancelFlag::default();
    let heard = Arc::new(Heard::default());
    let events: Arc<dyn EventSink> = Arc::<Heard>::clone(&heard);
    let context = RunContext::new(flag.clone()).with_events(events);
    context.put_state("flag", flag);
    let error = pipeline.run(Values::new(), &["out_later_text"], &context).await.expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(*heard.0.lock().expect("no panic"), ["+cancel", "-cancel"]);

    let late = RunContext::new(CancelFlag::default()).with_deadline(std::time::Instant::now());
    let error = pipeline.run(Values::new(), &["out_later_text"], &late).await.expect_err("late");
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_component_that_breaks_its_promise_is_named() {
    let pipeline = pipeline("", "", "wrong.text");
    let (context, _) = listen();
    let error = pipeline.run(Values::new(), &["out_wrong_text"], &context).await.expect_err("a defect");
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Internal, "wrong.text gave count, expected text")
    );
}

#[tokio::test]
async fn values_are_handed_over_and_not_copied() {
    let library = Arc::new(library());
    let (context, _) = listen();
    let documents = Arc::new(library.keyword.clone());
    let content = documents[0].content.as_ptr();
    let inputs = Values::new()
        .with("query", query("x"))
        .with("joiner.keyword", Value::Documents(documents))
        .with("joiner.dense", Value::Documents(Arc::default()));
    let values = ask(&library).run(inputs, &["documents"], &context).await.expect("documents");
    assert_eq!(values.documents("documents").expect("documents")[0].content.as_ptr(), content);
}

#[test]
fn a_pipeline_that_writes_needs_a_store() {
    let text = include_str!("../../../../pipelines/index.yaml");
    let mut bindings = bindings(&Arc::new(Library::default()));
    bindings.store = None;
    let error = Pipeline::load(text, "index.yaml", &Registry::product(), &bindings).expect_err("no store");
    assert_eq!(
        error.message(),
        "component \"writer\" needs a store that can be written, which this pipeline is not given"
    );
}
