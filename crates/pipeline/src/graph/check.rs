//! From names to indexes: looks everything up, and says all that does not fit.

use super::order::cycle;
use super::{Graph, Input, InputPort, Node, Output, OutputPort};
use crate::fault::{Fault, Faults, nearest};
use crate::parameter::Parameters;
use crate::registry::{Kind, Registry};
use crate::spec::{ComponentSpec, Port, Spec};
use crate::yaml::{OnLine, Yaml};
use pllm_core::{MetaValue, Socket};
use std::collections::HashMap;
use std::sync::Arc;

/// The graph of what fits; complete only if no fault was found.
pub(super) fn graph(spec: &Spec, file: &str, registry: &Registry, faults: &mut Faults) -> Graph {
    let mut checker = Checker { spec, faults, nodes: Vec::new(), fed: HashMap::new() };
    checker.components(registry);
    checker.connections();
    let inputs = checker.inputs();
    let outputs = checker.outputs();
    checker.requirements();
    checker.cycles();
    Graph { file: file.into(), nodes: checker.nodes, inputs, outputs }
}

struct Checker<'a> {
    spec: &'a Spec,
    faults: &'a mut Faults,
    nodes: Vec<Node>,
    /// Who feeds a socket, and on which line.
    fed: HashMap<InputPort, (String, u64)>,
}

impl Checker<'_> {
    fn components(&mut self, registry: &Registry) {
        for component in &self.spec.components {
            match registry.get(&component.kind.value) {
                Some(kind) => {
                    let parameters = self.parameters(component, kind);
                    self.nodes.push(Node {
                        name: component.name.value.as_str().into(),
                        kind: kind.clone(),
                        parameters,
                        senders: vec![None; kind.sockets.inputs.len()],
                    });
                }
                None => self.faults.add(
                    component.kind.line,
                    Fault::UnknownType {
                        component: component.name.value.clone(),
                        kind: component.kind.value.clone(),
                        nearest: registry.nearest(&component.kind.value),
                    },
                ),
            }
        }
        self.nodes.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn parameters(&mut self, component: &ComponentSpec, kind: &Kind) -> Parameters {
        let mut parameters = Parameters::defaults(&kind.parameters);
        for (name, value) in &component.parameters {
            let Some(known) = kind.parameters.iter().find(|known| known.name == name.value) else {
                self.faults.add(
                    name.line,
                    Fault::UnknownParameter {
                        component: component.name.value.clone(),
                        kind: kind.name,
                        parameter: name.value.clone(),
                        nearest: nearest(&name.value, kind.parameters.iter().map(|known| known.name)),
                    },
                );
                continue;
            };
            match scalar(&value.value).and_then(|value| known.kind.accept(&value)) {
                Some(value) => parameters.set(known.name, value),
                None => self.faults.add(
                    value.line,
                    Fault::BadParameter {
                        component: component.name.value.clone(),
                        parameter: name.value.clone(),
                        got: value.value.describe(),
                        expected: known.kind.to_string(),
                    },
                ),
            }
        }
        parameters
    }

    fn connections(&mut self) {
        for connection in &self.spec.connections {
            let sender = self.output_port(&connection.sender);
            let receiver = self.input_port(&connection.receiver);
            let (Some(sender), Some(receiver)) = (sender, receiver) else { continue };
            let (from, to) = (self.output_socket(sender), self.input_socket(receiver));
            let line = connection.receiver.line;
            if from.kind != to.kind {
                self.faults.add(
                    line,
                    Fault::TypeMismatch {
                        sender: connection.sender.value.to_string(),
                        gives: from.kind,
                        receiver: connection.receiver.value.to_string(),
                        takes: to.kind,
                    },
                );
            }
            self.feed(receiver, &connection.receiver, connection.sender.value.to_string());
            self.nodes[receiver.node].senders[receiver.socket] = Some(sender);
        }
    }

    fn inputs(&mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        for input in &self.spec.inputs {
            let name = format!("input {:?}", input.name.value);
            let mut receivers: Vec<InputPort> = Vec::new();
            for port in &input.receivers {
                let Some(receiver) = self.input_port(port) else { continue };
                self.feed(receiver, port, name.clone());
                let kind = self.input_socket(receiver).kind;
                if let Some(first) = receivers.first().map(|first| self.input_socket(*first).kind)
                    && first != kind
                {
                    self.faults.add(
                        port.line,
                        Fault::TypeMismatch {
                            sender: name.clone(),
                            gives: first,
                            receiver: port.value.to_string(),
                            takes: kind,
                        },
                    );
                }
                receivers.push(receiver);
            }
            inputs.push(Input { name: input.name.value.as_str().into(), receivers });
        }
        inputs.sort_by(|a, b| a.name.cmp(&b.name));
        inputs
    }

    fn outputs(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        for output in &self.spec.outputs {
            if let Some(sender) = self.output_port(&output.sender) {
                outputs.push(Output { name: output.name.value.as_str().into(), sender });
            }
        }
        outputs.sort_by(|a, b| a.name.cmp(&b.name));
        outputs
    }

    fn feed(&mut self, receiver: InputPort, port: &OnLine<Port>, second: String) {
        if let Some((first, first_line)) = self.fed.get(&receiver).cloned() {
            let socket = port.value.to_string();
            self.faults.add(port.line, Fault::FedTwice { socket, first, first_line, second });
        } else {
            self.fed.insert(receiver, (second, port.line));
        }
    }

    fn requirements(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            for (number, socket) in node.kind.sockets.inputs.iter().enumerate() {
                if socket.required && !self.fed.contains_key(&InputPort { node: index, socket: number }) {
                    let name = format!("{}.{}", node.name, socket.name);
                    self.faults
                        .add(self.line_of(&node.name), Fault::NeverFed { socket: name, kind: socket.kind });
                }
            }
        }
    }

    fn cycles(&mut self) {
        if let Some(path) = cycle(&self.nodes) {
            let line = path.first().map_or(1, |index| self.line_of(&self.nodes[*index].name));
            let names: Vec<&str> =
                path.iter().chain(path.first()).map(|index| &*self.nodes[*index].name).collect();
            self.faults.add(line, Fault::Cycle(names.join(" → ")));
        }
    }

    fn line_of(&self, component: &Arc<str>) -> u64 {
        let spec = self.spec.components.iter().find(|spec| *spec.name.value == **component);
        spec.map_or(1, |spec| spec.name.line)
    }

    fn output_port(&mut self, port: &OnLine<Port>) -> Option<OutputPort> {
        let node = self.known(port)?;
        let socket = self.socket(port, node, "output", self.nodes[node].kind.sockets.outputs)?;
        Some(OutputPort { node, socket })
    }

    fn input_port(&mut self, port: &OnLine<Port>) -> Option<InputPort> {
        let node = self.known(port)?;
        let socket = self.socket(port, node, "input", self.nodes[node].kind.sockets.inputs)?;
        Some(InputPort { node, socket })
    }

    fn known(&mut self, port: &OnLine<Port>) -> Option<usize> {
        let name = &port.value.component;
        let found = self.nodes.iter().position(|node| *node.name == **name);
        // A component whose type is unknown has its fault already.
        if found.is_none() && !self.spec.components.iter().any(|spec| spec.name.value == *name) {
            let nearest = nearest(name, self.spec.components.iter().map(|spec| spec.name.value.as_str()));
            self.faults.add(port.line, Fault::UnknownComponent { component: name.clone(), nearest });
        }
        found
    }

    fn socket(
        &mut self,
        port: &OnLine<Port>,
        node: usize,
        direction: &'static str,
        sockets: &[Socket],
    ) -> Option<usize> {
        let found = sockets.iter().position(|socket| socket.name == port.value.socket);
        if found.is_none() {
            let known: Vec<&str> = sockets.iter().map(|socket| socket.name).collect();
            self.faults.add(
                port.line,
                Fault::UnknownSocket {
                    component: port.value.component.clone(),
                    kind: self.nodes[node].kind.name,
                    direction,
                    socket: port.value.socket.clone(),
                    known: known.join(", "),
                },
            );
        }
        found
    }

    fn output_socket(&self, port: OutputPort) -> Socket {
        self.nodes[port.node].kind.sockets.outputs[port.socket]
    }

    fn input_socket(&self, port: InputPort) -> Socket {
        self.nodes[port.node].kind.sockets.inputs[port.socket]
    }
}

/// The value of a parameter; none for lists and maps, which no parameter takes.
fn scalar(value: &Yaml) -> Option<MetaValue> {
    match value {
        Yaml::Null => Some(MetaValue::Null),
        Yaml::Bool(value) => Some(MetaValue::Bool(*value)),
        Yaml::Int(value) => Some(MetaValue::Int(*value)),
        Yaml::Float(value) => Some(MetaValue::Float(*value)),
        Yaml::Text(value) => Some(MetaValue::String(value.clone())),
        Yaml::List(_) | Yaml::Map(_) => None,
    }
}
