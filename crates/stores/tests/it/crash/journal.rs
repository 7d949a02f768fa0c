//! What the writer tells on its standard output: a line before each step, a line after it.

use super::script::{State, Step};

const DONE: &str = "done";

/// The line before a step.
pub(super) fn begin(step: &Step) -> String {
    let words: Vec<String> = match step {
        Step::Write(versions) => versions.iter().map(|(id, version)| format!("{id}={version}")).collect(),
        Step::Delete(ids) => ids.clone(),
    };
    let kind = if matches!(step, Step::Write(_)) { "write" } else { "delete" };
    format!("{kind} {}\n", words.join(" "))
}

/// The line after a step: the acknowledgement.
pub(super) fn done() -> String {
    format!("{DONE}\n")
}

/// Whether a line acknowledges a step.
pub(super) fn is_done(line: &str) -> bool {
    line == DONE
}

/// What was told until the writer ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Acknowledged.
    pub(super) done: Vec<Step>,
    /// Begun, but not acknowledged.
    pub(super) pending: Option<Step>,
}

impl Told {
    /// Reads the lines; one that cannot be read is the last, cut off.
    pub(super) fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut told = Self::default();
        for line in lines {
            if is_done(line) {
                told.done.extend(told.pending.take());
            } else {
                told.pending = read_step(line);
            }
        }
        told
    }

    /// The states that a store may be in: that of what was acknowledged, and that with the pending step done whole.
    pub(super) fn states(&self, before: &State) -> Vec<State> {
        let mut state = before.clone();
        self.done.iter().for_each(|step| state.apply(step));
        let mut states = vec![state];
        if let Some(pending) = &self.pending {
            let mut state = states[0].clone();
            state.apply(pending);
            states.push(state);
        }
        states
    }
}

fn read_step(line: &str) -> Option<Step> {
    if let Some(ids) = line.strip_prefix("delete ") {
        return Some(Step::Delete(ids.split(' ').map(str::to_owned).collect()));
    }
    let versions = line.strip_prefix("write ")?.split(' ').map(|word| {
        let (id, version) = word.split_once('=')?;
        Some((id.to_owned(), version.parse().ok()?))
    });
    versions.collect::<Option<_>>().map(Step::Write)
}
