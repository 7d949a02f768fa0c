//! Whether components wait for each other.

use super::Node;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// A cycle in the direction of the values, beginning at its first name; none in a sound graph.
pub(super) fn cycle(nodes: &[Node]) -> Option<Vec<usize>> {
    let mut marks = vec![Mark::New; nodes.len()];
    let mut path = Vec::new();
    let mut cycle = (0..nodes.len()).find_map(|node| visit(node, nodes, &mut marks, &mut path))?;
    let first = (0..cycle.len()).min_by_key(|at| cycle[*at])?;
    cycle.rotate_left(first);
    Some(cycle)
}

/// Walks against the direction of the values, so the cycle that it meets is turned round.
fn visit(node: usize, nodes: &[Node], marks: &mut [Mark], path: &mut Vec<usize>) -> Option<Vec<usize>> {
    match marks[node] {
        Mark::Done => return None,
        Mark::Open => {
            let start = path.iter().position(|open| *open == node)?;
            return Some(path[start..].iter().rev().copied().collect());
        }
        Mark::New => marks[node] = Mark::Open,
    }
    path.push(node);
    for sender in nodes[node].senders.iter().flatten() {
        if let Some(cycle) = visit(sender.node, nodes, marks, path) {
            return Some(cycle);
        }
    }
    path.pop();
    marks[node] = Mark::Done;
    None
}
