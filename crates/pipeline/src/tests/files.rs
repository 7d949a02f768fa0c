//! Files with faults: every fault on its line, all at once.

use super::shipped::ASK;
use crate::{Graph, Registry};

fn check(text: &str, expected: &[&str]) {
    let outcome = Graph::read(text, "p.yaml", &Registry::product()).map(|graph| graph.to_string());
    assert_eq!(outcome.map_err(|error| error.to_string()), Err(expected.join("\n")));
}

#[test]
fn all_faults_are_named_at_once() {
    check(
        "
components:
  keywords: { type: pllm.KeywordRetreiver, init_parameters: { top_k: 3 } }
  joiner:
    type: pllm.Joiner
    init_parameters:
      dense_weigth: 0.4
      mode: best
      top_k: 0
  reader: { type: pllm.Reader, init_parameters: { reader: other } }
  embedder: { type: pllm.QueryEmbedder }
connections:
  - { sender: keywords.documents, receiver: joiner.keyword }
  - { sender: embedder.embedding, receiver: joiner.dense }
  - { sender: joiner.results, receiver: reader.documents }
  - { sender: joyner.documents, receiver: reader.context }
inputs:
  query: [joiner.query, embedder.text, reader.query]
  again: [reader.query, joiner.top_k]
outputs:
  documents: joiner.documents
  answer: answerer.answer
",
        &[
            "p.yaml:3: component \"keywords\" has unknown type \"pllm.KeywordRetreiver\", did you mean \"pllm.KeywordRetriever\"?",
            "p.yaml:7: component \"joiner\" (pllm.Joiner) has no parameter \"dense_weigth\", did you mean \"dense_weight\"?",
            "p.yaml:8: parameter joiner.mode is \"best\", expected one of weighted, rrf",
            "p.yaml:9: parameter joiner.top_k is 0, expected a whole number from 1 to 10000",
            "p.yaml:10: parameter reader.reader is \"other\", expected \"collection\"",
            "p.yaml:10: reader.documents is required, but nothing feeds it (documents)",
            "p.yaml:14: embedder.embedding gives embedding, joiner.dense takes documents",
            "p.yaml:15: component \"joiner\" (pllm.Joiner) has no output \"results\", it has documents",
            "p.yaml:16: no component \"joyner\", did you mean \"joiner\"?",
            "p.yaml:16: component \"reader\" (pllm.Reader) has no input \"context\", it has query, documents",
            "p.yaml:19: reader.query is fed by input \"again\", but already by input \"query\" on line 18",
            "p.yaml:19: input \"again\" gives text, joiner.top_k takes count",
            "p.yaml:22: no component \"answerer\"",
        ],
    );
}

#[test]
fn components_that_wait_for_each_other_are_named_in_the_direction_of_values() {
    check(
        "
components:
  b: { type: pllm.DocumentEmbedder }
  a: { type: pllm.DocumentEmbedder }
  c: { type: pllm.DocumentEmbedder }
connections:
  - { sender: a.documents, receiver: b.documents }
  - { sender: b.documents, receiver: c.documents }
  - { sender: c.documents, receiver: a.documents }
outputs: { documents: c.documents }
",
        &["p.yaml:4: components wait for each other: a → b → c → a"],
    );
}

#[test]
fn shapes_and_names_are_checked() {
    check("components: [", &["p.yaml:1: not readable as YAML: unclosed bracket '[' at line 1, column 13"]);
    check("just a text", &["p.yaml:1: the file is \"just a text\", expected a map"]);
    check(
        "
component: {}
components:
  a.b: { type: pllm.Reader }
  x: { type: 3 }
  x: { type: pllm.Joiner }
  y: { init_parameters: {} }
  z: text
connections:
  - { sender: x }
  - { sender: x.documents, reciever: y.a.b, receiver: y. }
inputs: { query: 7 }
outputs: [a]
",
        &[
            "p.yaml:2: unknown key \"component\" in the file, did you mean \"components\"?",
            "p.yaml:4: component name \"a.b\" is not usable, expected letters, digits and _",
            "p.yaml:4: a.b.query is required, but nothing feeds it (text)",
            "p.yaml:4: a.b.documents is required, but nothing feeds it (documents)",
            "p.yaml:5: the type of component \"x\" is 3, expected a text",
            "p.yaml:6: component \"x\" is there twice, first on line 5",
            "p.yaml:7: component \"y\" has no \"type\"",
            "p.yaml:8: component \"z\" is \"text\", expected a map",
            "p.yaml:10: a connection has no \"receiver\"",
            "p.yaml:10: sender is \"x\", expected component.socket",
            "p.yaml:11: unknown key \"reciever\" in a connection, did you mean \"receiver\"?",
            "p.yaml:11: receiver is \"y.\", expected component.socket",
            "p.yaml:12: input \"query\" is 7, expected a list",
            "p.yaml:13: outputs is a list, expected a map",
        ],
    );
    check(
        "inputs: {}",
        &["p.yaml:1: the file has no \"components\"", "p.yaml:1: the file has no \"outputs\""],
    );
}

#[test]
fn any_cut_of_a_file_is_an_error_and_not_a_panic() {
    for (end, _) in ASK.char_indices().step_by(7) {
        let _ = Graph::read(&ASK[..end], "p.yaml", &Registry::product()).map(|graph| graph.to_string());
    }
}
