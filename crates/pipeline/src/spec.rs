//! The pipeline file as it was written: names with their lines, nothing looked up yet.

use crate::fault::{Fault, Faults, nearest};
use crate::yaml::{self, OnLine, Yaml};

/// A pipeline file that has the right shape.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Spec {
    pub(crate) components: Vec<ComponentSpec>,
    pub(crate) connections: Vec<ConnectionSpec>,
    pub(crate) inputs: Vec<InputSpec>,
    pub(crate) outputs: Vec<OutputSpec>,
}

/// `name: { type: …, init_parameters: … }`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ComponentSpec {
    pub(crate) name: OnLine<String>,
    pub(crate) kind: OnLine<String>,
    pub(crate) parameters: Vec<(OnLine<String>, OnLine<Yaml>)>,
}

/// `{ sender: a.b, receiver: c.d }`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ConnectionSpec {
    pub(crate) sender: OnLine<Port>,
    pub(crate) receiver: OnLine<Port>,
}

/// `name: [a.b, c.d]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InputSpec {
    pub(crate) name: OnLine<String>,
    pub(crate) receivers: Vec<OnLine<Port>>,
}

/// `name: a.b`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutputSpec {
    pub(crate) name: OnLine<String>,
    pub(crate) sender: OnLine<Port>,
}

/// `component.socket`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) component: String,
    pub(crate) socket: String,
}

impl Port {
    /// Reads `component.socket`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (component, socket) = text.split_once('.')?;
        let whole = !component.is_empty() && !socket.is_empty() && !socket.contains('.');
        whole.then(|| Self { component: component.to_owned(), socket: socket.to_owned() })
    }
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.component, self.socket)
    }
}

type Entries = Vec<(OnLine<String>, OnLine<Yaml>)>;

/// Reads a file; what has not the right shape is left out and becomes a fault.
pub(crate) fn read(text: &str, faults: &mut Faults) -> Spec {
    let mut spec = Spec::default();
    let root = match yaml::parse(text) {
        Ok(root) => root,
        Err(error) => {
            faults.add(error.line, Fault::Yaml(error.value));
            return spec;
        }
    };
    let line = root.line;
    let Some(entries) = map("the file", root, faults) else { return spec };
    let mut reader = Reader { faults };
    let known = ["components", "connections", "inputs", "outputs"];
    let [components, connections, inputs, outputs] = reader.fields("the file", entries, known);
    match components {
        Some(components) => spec.components = reader.components(components),
        None => reader.missing(line, "components", "the file"),
    }
    if let Some(connections) = connections {
        spec.connections = reader.connections(connections);
    }
    if let Some(inputs) = inputs {
        spec.inputs = reader.inputs(inputs);
    }
    match outputs {
        Some(outputs) => spec.outputs = reader.outputs(outputs),
        None => reader.missing(line, "outputs", "the file"),
    }
    spec
}

struct Reader<'a> {
    faults: &'a mut Faults,
}

impl Reader<'_> {
    fn components(&mut self, node: OnLine<Yaml>) -> Vec<ComponentSpec> {
        let entries = map("components", node, self.faults).unwrap_or_default();
        let entries = self.distinct("component", entries);
        entries.into_iter().filter_map(|(name, node)| self.component(name, node)).collect()
    }

    fn component(&mut self, name: OnLine<String>, node: OnLine<Yaml>) -> Option<ComponentSpec> {
        let usable = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.value.is_empty() || !name.value.chars().all(usable) {
            self.faults.add(name.line, Fault::Name(name.value.clone()));
        }
        let place = format!("component {:?}", name.value);
        let entries = map(&place, node, self.faults)?;
        let [kind, parameters] = self.fields(&place, entries, ["type", "init_parameters"]);
        let Some(kind) = kind else {
            self.missing(name.line, "type", &place);
            return None;
        };
        let kind = text(&format!("the type of {place}"), kind, self.faults)?;
        let parameters = match parameters {
            Some(node) => map(&format!("init_parameters of {place}"), node, self.faults).unwrap_or_default(),
            None => Vec::new(),
        };
        let parameters = self.distinct("parameter", parameters);
        Some(ComponentSpec { name, kind, parameters })
    }

    fn connections(&mut self, node: OnLine<Yaml>) -> Vec<ConnectionSpec> {
        let items = list("connections", node, self.faults).unwrap_or_default();
        items.into_iter().filter_map(|item| self.connection(item)).collect()
    }

    fn connection(&mut self, node: OnLine<Yaml>) -> Option<ConnectionSpec> {
        let (line, place) = (node.line, "a connection");
        let entries = map(place, node, self.faults)?;
        let [sender, receiver] = self.fields(place, entries, ["sender", "receiver"]);
        if sender.is_none() {
            self.missing(line, "sender", place);
        }
        if receiver.is_none() {
            self.missing(line, "receiver", place);
        }
        let sender = sender.and_then(|node| self.port("sender", &node));
        let receiver = receiver.and_then(|node| self.port("receiver", &node));
        Some(ConnectionSpec { sender: sender?, receiver: receiver? })
    }

    fn inputs(&mut self, node: OnLine<Yaml>) -> Vec<InputSpec> {
        let entries = map("inputs", node, self.faults).unwrap_or_default();
        let mut inputs = Vec::new();
        for (name, node) in self.distinct("input", entries) {
            let place = format!("input {:?}", name.value);
            // One socket may stand without the brackets of a list.
            let items = match node.value {
                Yaml::Text(_) => vec![node],
                _ => list(&place, node, self.faults).unwrap_or_default(),
            };
            let receivers = items.iter().filter_map(|item| self.port(&place, item)).collect();
            inputs.push(InputSpec { name, receivers });
        }
        inputs
    }

    fn outputs(&mut self, node: OnLine<Yaml>) -> Vec<OutputSpec> {
        let entries = map("outputs", node, self.faults).unwrap_or_default();
        let mut outputs = Vec::new();
        for (name, node) in self.distinct("output", entries) {
            let sender = self.port(&format!("output {:?}", name.value), &node);
            outputs.extend(sender.map(|sender| OutputSpec { name, sender }));
        }
        outputs
    }

    fn port(&mut self, what: &str, node: &OnLine<Yaml>) -> Option<OnLine<Port>> {
        let expected = "component.socket";
        let port = if let Yaml::Text(text) = &node.value { Port::parse(text) } else { None };
        if port.is_none() {
            let shape = Fault::Shape { what: what.to_owned(), got: node.value.describe(), expected };
            self.faults.add(node.line, shape);
        }
        port.map(|value| OnLine { line: node.line, value })
    }

    /// The values of the known keys; all other keys are faults.
    fn fields<const N: usize>(
        &mut self,
        place: &str,
        entries: Entries,
        known: [&'static str; N],
    ) -> [Option<OnLine<Yaml>>; N] {
        let mut values = [const { None }; N];
        for (key, node) in self.distinct("key", entries) {
            match known.iter().position(|name| *name == key.value) {
                Some(index) => values[index] = Some(node),
                None => {
                    let nearest = nearest(&key.value, known);
                    let unknown = Fault::UnknownKey { key: key.value, place: place.to_owned(), nearest };
                    self.faults.add(key.line, unknown);
                }
            }
        }
        values
    }

    /// The entries without those whose name was there before.
    fn distinct(&mut self, what: &'static str, entries: Entries) -> Entries {
        let mut kept = Entries::new();
        for (name, node) in entries {
            match kept.iter().find(|(earlier, _)| earlier.value == name.value) {
                Some((earlier, _)) => {
                    let twice = Fault::Duplicate { what, name: name.value, first_line: earlier.line };
                    self.faults.add(name.line, twice);
                }
                None => kept.push((name, node)),
            }
        }
        kept
    }

    fn missing(&mut self, line: u64, key: &'static str, place: &str) {
        self.faults.add(line, Fault::MissingKey { key, place: place.to_owned() });
    }
}

fn map(what: &str, node: OnLine<Yaml>, faults: &mut Faults) -> Option<Entries> {
    match node.value {
        Yaml::Map(entries) => Some(entries),
        other => shape(what, node.line, &other, "a map", faults),
    }
}

fn list(what: &str, node: OnLine<Yaml>, faults: &mut Faults) -> Option<Vec<OnLine<Yaml>>> {
    match node.value {
        Yaml::List(items) => Some(items),
        other => shape(what, node.line, &other, "a list", faults),
    }
}

fn text(what: &str, node: OnLine<Yaml>, faults: &mut Faults) -> Option<OnLine<String>> {
    match node.value {
        Yaml::Text(value) => Some(OnLine { line: node.line, value }),
        other => shape(what, node.line, &other, "a text", faults),
    }
}

fn shape<T>(what: &str, line: u64, got: &Yaml, expected: &'static str, faults: &mut Faults) -> Option<T> {
    faults.add(line, Fault::Shape { what: what.to_owned(), got: got.describe(), expected });
    None
}
