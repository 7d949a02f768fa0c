//! What `pllm pipeline show` prints: the kinds that a file can name, and the way through a pipeline.

use crate::graph::{Graph, InputPort};
use crate::registry::{Kind, Registry};
use pllm_core::Socket;
use std::fmt::{self, Write};

/// Every kind with its sockets and parameters, as text for people.
#[must_use]
pub fn registry(registry: &Registry) -> String {
    let kinds: Vec<String> = registry.kinds().map(kind).collect();
    kinds.join("\n")
}

/// One kind, as text for people.
#[must_use]
pub fn kind(kind: &Kind) -> String {
    let mut text = format!("{}\n  {}\n", kind.name, kind.doc);
    let list = |sockets: &[Socket]| sockets.iter().map(socket).collect::<Vec<_>>().join(", ");
    text.push_str(&format!("  takes  {}\n", list(kind.sockets.inputs)));
    text.push_str(&format!("  gives  {}\n", list(kind.sockets.outputs)));
    for parameter in &kind.parameters {
        let line = format!("{}, default {}", parameter.kind, parameter.default);
        text.push_str(&format!("  {:<14} {}: {line}\n", parameter.name, parameter.doc));
    }
    text
}

fn socket(socket: &Socket) -> String {
    format!("{}{}: {}", socket.name, if socket.required { "" } else { "?" }, socket.kind.name())
}

impl fmt::Display for Graph {
    /// The components by name with what feeds each socket and what they were told, then inputs and outputs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pipeline {}", self.file())?;
        for (index, node) in self.nodes().iter().enumerate() {
            writeln!(f, "\n{} ({})", node.name, node.kind.name)?;
            for (name, value) in node.parameters.iter() {
                writeln!(f, "  {name} = {value}")?;
            }
            for (number, socket) in node.kind.sockets.inputs.iter().enumerate() {
                let port = InputPort { node: index, socket: number };
                writeln!(f, "  {} ← {}", socket.name, self.feeder(port))?;
            }
        }
        f.write_char('\n')?;
        for output in self.named_outputs() {
            let node = &self.nodes()[output.sender.node];
            writeln!(f, "output {} ← {}.{}", output.name, node.name, self.output_socket(output.sender).name)?;
        }
        Ok(())
    }
}

impl Graph {
    /// What feeds a socket, in words.
    fn feeder(&self, port: InputPort) -> String {
        if let Some(sender) = self.nodes()[port.node].senders[port.socket] {
            return format!("{}.{}", self.nodes()[sender.node].name, self.output_socket(sender).name);
        }
        let named = self.named_inputs().iter().find(|input| input.receivers.contains(&port));
        named.map_or_else(|| "nothing".to_owned(), |input| format!("input {}", input.name))
    }
}
