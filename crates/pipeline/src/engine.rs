//! Runs a graph: only what the asked outputs need, one ready component at a time, in the order of their names.

mod run;

use crate::graph::{Graph, InputPort, OutputPort};
use crate::registry::{Bindings, Registry, Setup};
use crate::spec::Port;
use pllm_core::{Component, Result, RunContext, Values};
use run::Run;
use std::sync::Arc;

/// A pipeline that can run. Cheap to clone; concurrent runs share its components.
#[derive(Debug, Clone)]
pub struct Pipeline {
    graph: Arc<Graph>,
    /// In the order of the graph's nodes.
    components: Arc<[Arc<dyn Component>]>,
}

impl Pipeline {
    /// Reads, checks and builds a pipeline; `file` is its name in messages.
    ///
    /// # Errors
    /// `InvalidInput` with every fault of the file, or when it needs what `bindings` does not have.
    pub fn load(text: &str, file: &str, registry: &Registry, bindings: &Bindings) -> Result<Self> {
        Self::build(Graph::read(text, file, registry)?, bindings)
    }

    /// Checks a pipeline without building it.
    ///
    /// # Errors
    /// `InvalidInput` with every fault of the file as `file:line: fault`, a line each.
    pub fn check(text: &str, file: &str, registry: &Registry) -> Result<Graph> {
        Graph::read(text, file, registry)
    }

    /// Builds the components of a checked graph.
    ///
    /// # Errors
    /// `InvalidInput` when it needs what `bindings` does not have.
    pub fn build(graph: Graph, bindings: &Bindings) -> Result<Self> {
        let mut components = Vec::new();
        for node in graph.nodes() {
            let setup = Setup { name: &node.name, parameters: &node.parameters, bindings };
            components.push((node.kind.build)(&setup)?);
        }
        Ok(Self { graph: Arc::new(graph), components: components.into() })
    }

    /// The same pipeline and the same components, less some of them; see [`Graph::without`].
    ///
    /// # Errors
    /// As [`Graph::without`].
    pub fn without(&self, components: &[&str]) -> Result<Self> {
        let graph = self.graph.without(components)?;
        let kept = graph.components().filter_map(|(name, _)| self.graph.node(name));
        let components = kept.map(|index| Arc::clone(&self.components[index])).collect();
        Ok(Self { graph: Arc::new(graph), components })
    }

    /// The checked graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Loads what the components need before the first run.
    ///
    /// # Errors
    /// A component's own, with its name.
    pub async fn warm_up(&self) -> Result<()> {
        for (node, component) in self.graph.nodes().iter().zip(&*self.components) {
            component.warm_up().await.map_err(|error| error.with("component", &node.name))?;
        }
        Ok(())
    }

    /// Runs what `outputs` need and gives them, by the names they were asked with.
    ///
    /// Inputs are named inputs of the file, or single sockets as `component.socket`; what is upstream of a socket that is given
    /// is not run. Outputs are named outputs or `component.socket` as well. A value is handed over, not shared, at its last use.
    ///
    /// # Errors
    /// `InvalidInput` for an unknown or missing input, a value of another type, an unknown output; `Cancelled` and `Timeout`
    /// from the context, asked before each component; a component's own, with its name.
    pub async fn run(&self, inputs: Values, outputs: &[&str], context: &RunContext) -> Result<Values> {
        let mut run = Run::new(&self.graph, inputs, outputs)?;
        while let Some(node) = run.next_ready() {
            context.check()?;
            let values = run.take_inputs(node)?;
            let name = &self.graph.nodes()[node].name;
            let given = run::observed(name, &self.components[node], values, context).await?;
            run.put_outputs(node, &given)?;
        }
        run.finish()
    }
}

impl Graph {
    /// The sockets that a run's input feeds.
    fn receivers(&self, name: &str) -> Result<Vec<InputPort>> {
        if let Some(input) = self.named_inputs().iter().find(|input| &*input.name == name) {
            return Ok(input.receivers.clone());
        }
        let port = Port::parse(name).and_then(|port| {
            let node = self.node(&port.component)?;
            let sockets = self.nodes()[node].kind.sockets.inputs;
            let socket = sockets.iter().position(|socket| socket.name == port.socket)?;
            Some(InputPort { node, socket })
        });
        let known = || self.inputs().collect::<Vec<_>>().join(", ");
        port.map(|port| vec![port])
            .ok_or_else(|| self.refused(format!("no input {name:?}, the inputs are {}", known())))
    }

    /// The socket that a run's output comes from.
    fn sender(&self, name: &str) -> Result<OutputPort> {
        if let Some(output) = self.named_outputs().iter().find(|output| &*output.name == name) {
            return Ok(output.sender);
        }
        let port = Port::parse(name).and_then(|port| {
            let node = self.node(&port.component)?;
            let sockets = self.nodes()[node].kind.sockets.outputs;
            let socket = sockets.iter().position(|socket| socket.name == port.socket)?;
            Some(OutputPort { node, socket })
        });
        let known = || self.outputs().collect::<Vec<_>>().join(", ");
        port.ok_or_else(|| self.refused(format!("no output {name:?}, the outputs are {}", known())))
    }
}
