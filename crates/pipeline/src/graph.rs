//! A pipeline file that was checked: every name is known, every connection fits, nothing waits for itself.

mod check;
mod order;

use crate::fault::Faults;
use crate::parameter::Parameters;
use crate::registry::{Kind, Registry};
use crate::spec;
use pllm_core::{Error, Result, Socket};
use std::sync::Arc;

/// A checked pipeline, its components not built yet.
#[derive(Debug, Clone)]
pub struct Graph {
    file: Arc<str>,
    /// By name.
    nodes: Vec<Node>,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
}

/// A component of the graph.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) parameters: Parameters,
    /// What is connected to each of its input sockets.
    pub(crate) senders: Vec<Option<OutputPort>>,
}

/// An output socket of a node, both by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OutputPort {
    pub(crate) node: usize,
    pub(crate) socket: usize,
}

/// An input socket of a node, both by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct InputPort {
    pub(crate) node: usize,
    pub(crate) socket: usize,
}

/// A named input of the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) name: Arc<str>,
    pub(crate) receivers: Vec<InputPort>,
}

/// A named output of the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) name: Arc<str>,
    pub(crate) sender: OutputPort,
}

impl Graph {
    /// Reads and checks a pipeline file; `file` is its name in messages.
    ///
    /// # Errors
    /// `InvalidInput` with every fault as `file:line: fault`, a line each.
    pub fn read(text: &str, file: &str, registry: &Registry) -> Result<Self> {
        let mut faults = Faults::new(file);
        let spec = spec::read(text, &mut faults);
        let graph = check::graph(&spec, file, registry, &mut faults);
        faults.or(graph)
    }

    /// The same pipeline without some of its components: their receivers get nothing, and outputs that come from them are gone.
    /// This is how keyword and dense search are the hybrid graph, less one branch.
    ///
    /// # Errors
    /// `InvalidInput` for a component that is not there, or whose output another component requires.
    pub fn without(&self, components: &[&str]) -> Result<Self> {
        let mut removed = Vec::new();
        for name in components {
            removed.push(self.node(name).ok_or_else(|| self.refused(format!("no component {name:?}")))?);
        }
        for (index, node) in self.nodes.iter().enumerate().filter(|(index, _)| !removed.contains(index)) {
            for (socket, sender) in node.kind.sockets.inputs.iter().zip(&node.senders) {
                if socket.required && sender.is_some_and(|sender| removed.contains(&sender.node)) {
                    let needed = format!("{}.{} is required", self.nodes[index].name, socket.name);
                    return Err(self.refused(format!("{needed}, so what feeds it cannot be left out")));
                }
            }
        }
        Ok(self.keep(|node| !removed.contains(&node)))
    }

    fn keep(&self, kept: impl Fn(usize) -> bool) -> Self {
        let mut new_index = vec![None; self.nodes.len()];
        for (new, old) in (0..self.nodes.len()).filter(|old| kept(*old)).enumerate() {
            new_index[old] = Some(new);
        }
        let output = |port: OutputPort| new_index[port.node].map(|node| OutputPort { node, ..port });
        let input = |port: &InputPort| new_index[port.node].map(|node| InputPort { node, ..*port });
        let mut nodes: Vec<Node> = Vec::new();
        for node in self.nodes.iter().enumerate().filter(|(old, _)| kept(*old)).map(|(_, node)| node) {
            let senders = node.senders.iter().map(|sender| sender.and_then(output)).collect();
            nodes.push(Node { senders, ..node.clone() });
        }
        let inputs = self.inputs.iter().map(|entry| Input {
            name: Arc::clone(&entry.name),
            receivers: entry.receivers.iter().filter_map(input).collect(),
        });
        let outputs = self.outputs.iter().filter_map(|entry| {
            output(entry.sender).map(|sender| Output { name: Arc::clone(&entry.name), sender })
        });
        Self {
            file: Arc::clone(&self.file),
            nodes,
            inputs: inputs.filter(|input| !input.receivers.is_empty()).collect(),
            outputs: outputs.collect(),
        }
    }

    /// Name and kind of each component, by name.
    pub fn components(&self) -> impl Iterator<Item = (&str, &Kind)> {
        self.nodes.iter().map(|node| (&*node.name, &node.kind))
    }

    /// The names of what goes in.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.inputs.iter().map(|input| &*input.name)
    }

    /// The names of what comes out.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|output| &*output.name)
    }

    /// A parameter of a component that is a count, as the file has it; none when there is no such parameter.
    #[must_use]
    pub fn count(&self, component: &str, parameter: &str) -> Option<usize> {
        self.nodes.get(self.node(component)?)?.parameters.count(parameter).ok()
    }

    /// What the file is called.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn node(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| &*node.name == name)
    }

    pub(crate) fn named_inputs(&self) -> &[Input] {
        &self.inputs
    }

    pub(crate) fn named_outputs(&self) -> &[Output] {
        &self.outputs
    }

    pub(crate) fn input_socket(&self, port: InputPort) -> Socket {
        self.nodes[port.node].kind.sockets.inputs[port.socket]
    }

    pub(crate) fn output_socket(&self, port: OutputPort) -> Socket {
        self.nodes[port.node].kind.sockets.outputs[port.socket]
    }

    /// An error about this pipeline.
    pub(crate) fn refused(&self, message: impl Into<String>) -> Error {
        Error::invalid("pipeline.run", message).with("pipeline", &self.file)
    }
}
