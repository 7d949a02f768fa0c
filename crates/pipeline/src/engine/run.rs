//! The state of one run: which components are needed, what is done, and the values on their way.

use crate::graph::{Graph, InputPort, OutputPort};
use pllm_core::{Component, Error, ErrorKind, Event, Result, RunContext, Value, Values};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;

/// One run of a graph.
pub(super) struct Run<'a> {
    graph: &'a Graph,
    asked: Vec<(&'a str, OutputPort)>,
    /// By node.
    needed: Vec<bool>,
    done: Vec<bool>,
    /// By node and input socket: values from outside, in place of what is connected.
    given: Vec<Vec<Option<Value>>>,
    /// By node and output socket: what is still wanted, and how often.
    produced: Vec<Vec<Option<Value>>>,
    uses: Vec<Vec<usize>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(graph: &'a Graph, inputs: Values, outputs: &[&'a str]) -> Result<Self> {
        let nodes = graph.nodes();
        let sizes = || nodes.iter().map(|node| node.kind.sockets);
        let mut run = Self {
            graph,
            asked: Vec::with_capacity(outputs.len()),
            needed: vec![false; nodes.len()],
            done: vec![false; nodes.len()],
            given: sizes().map(|sockets| vec![None; sockets.inputs.len()]).collect(),
            produced: sizes().map(|sockets| vec![None; sockets.outputs.len()]).collect(),
            uses: sizes().map(|sockets| vec![0; sockets.outputs.len()]).collect(),
        };
        for (name, value) in inputs.iter() {
            run.give(name, value)?;
        }
        drop(inputs);
        for name in outputs {
            let port = graph.sender(name)?;
            run.asked.push((name, port));
            run.uses[port.node][port.socket] += 1;
        }
        run.find_needed()?;
        Ok(run)
    }

    fn give(&mut self, name: &str, value: &Value) -> Result<()> {
        for port in self.graph.receivers(name)? {
            let takes = self.graph.input_socket(port).kind;
            if value.socket_type() != takes {
                let (got, takes) = (value.socket_type().name(), takes.name());
                return Err(self.graph.refused(format!("input {name:?} is {got}, expected {takes}")));
            }
            self.given[port.node][port.socket] = Some(value.clone());
        }
        Ok(())
    }

    /// Walks from what is asked for to what it needs, and counts who needs it.
    fn find_needed(&mut self) -> Result<()> {
        let mut missing = BTreeSet::new();
        let mut open: Vec<usize> = self.asked.iter().map(|(_, port)| port.node).collect();
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut self.needed[node], true) {
                continue;
            }
            for (socket, sender) in self.graph.nodes()[node].senders.iter().enumerate() {
                let port = InputPort { node, socket };
                match sender {
                    _ if self.given[node][socket].is_some() => {}
                    Some(sender) => {
                        self.uses[sender.node][sender.socket] += 1;
                        open.push(sender.node);
                    }
                    None if self.graph.input_socket(port).required => {
                        missing.insert(self.name_of(port));
                    }
                    None => {}
                }
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<String> = missing.into_iter().map(|name| format!("{name:?}")).collect();
        Err(self.graph.refused(format!("input {} is missing", missing.join(", "))))
    }

    /// The named input that feeds a socket, else the socket itself.
    fn name_of(&self, port: InputPort) -> String {
        let named = self.graph.named_inputs().iter().find(|input| input.receivers.contains(&port));
        named.map_or_else(|| self.socket_name(port), |input| input.name.to_string())
    }

    fn socket_name(&self, port: InputPort) -> String {
        format!("{}.{}", self.graph.nodes()[port.node].name, self.graph.input_socket(port).name)
    }

    /// The first component, by name, that waits for nothing.
    pub(super) fn next_ready(&self) -> Option<usize> {
        (0..self.needed.len()).find(|node| self.needed[*node] && !self.done[*node] && self.is_ready(*node))
    }

    fn is_ready(&self, node: usize) -> bool {
        let mut senders = self.graph.nodes()[node].senders.iter().zip(&self.given[node]);
        senders.all(|(sender, given)| given.is_some() || sender.is_none_or(|sender| self.done[sender.node]))
    }

    /// What a ready component gets. An optional socket whose sender gave nothing is left out.
    pub(super) fn take_inputs(&mut self, node: usize) -> Result<Values> {
        let mut values = Values::new();
        for (socket, sender) in self.graph.nodes()[node].senders.iter().enumerate() {
            let port = InputPort { node, socket };
            let given = self.given[node][socket].take();
            let value = given.or_else(|| sender.and_then(|sender| self.hand_over(sender)));
            match value {
                Some(value) => values.insert(self.graph.input_socket(port).name, value),
                None if self.graph.input_socket(port).required => {
                    return Err(defect(format!("{} was left empty by its sender", self.socket_name(port))));
                }
                None => {}
            }
        }
        Ok(values)
    }

    /// The value itself at its last use, so that its new owner need not copy to change it.
    fn hand_over(&mut self, port: OutputPort) -> Option<Value> {
        let (value, uses) =
            (&mut self.produced[port.node][port.socket], &mut self.uses[port.node][port.socket]);
        *uses = uses.saturating_sub(1);
        if *uses == 0 { value.take() } else { value.clone() }
    }

    /// Keeps what somebody still wants.
    pub(super) fn put_outputs(&mut self, node: usize, given: &Values) -> Result<()> {
        self.done[node] = true;
        for (number, socket) in self.graph.nodes()[node].kind.sockets.outputs.iter().enumerate() {
            let Some(value) = given.get(socket.name) else { continue };
            if value.socket_type() != socket.kind {
                let (got, name) = (value.socket_type().name(), &self.graph.nodes()[node].name);
                return Err(defect(format!(
                    "{name}.{} gave {got}, expected {}",
                    socket.name,
                    socket.kind.name()
                )));
            }
            if self.uses[node][number] > 0 {
                self.produced[node][number] = Some(value.clone());
            }
        }
        Ok(())
    }

    /// What was asked for.
    pub(super) fn finish(mut self) -> Result<Values> {
        let mut values = Values::new();
        for (name, port) in std::mem::take(&mut self.asked) {
            let value =
                self.hand_over(port).ok_or_else(|| defect(format!("output {name:?} was left empty")))?;
            values.insert(name, value);
        }
        Ok(values)
    }
}

/// Runs a component inside its span and tells the listener before and after.
pub(super) async fn observed(
    name: &Arc<str>,
    component: &Arc<dyn Component>,
    inputs: Values,
    context: &RunContext,
) -> Result<Values> {
    context.emit(Event::Started { component: Arc::clone(name) });
    let begun = Instant::now();
    let span = tracing::debug_span!("pipeline.component", name = &**name);
    let outcome = component.run(inputs, context).instrument(span).await;
    context.emit(Event::Finished { component: Arc::clone(name), elapsed: begun.elapsed() });
    outcome.map_err(|error| error.with("component", name))
}

fn defect(message: String) -> Error {
    Error::new(ErrorKind::Internal, "pipeline.run", message)
}
