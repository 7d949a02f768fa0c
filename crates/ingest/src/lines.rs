//! A nested value as lines that people can read: `a.b[2].c: value`, one for each value that is not nested.

use crate::convert::too_large;
use pllm_core::{MetaValue, Result};

/// Lines of text that may not become longer than a limit, however long the paths are.
#[derive(Debug)]
pub(crate) struct Lines {
    text: String,
    limit: u64,
    /// Where the value stands that is being added.
    path: String,
}

impl Lines {
    /// No lines yet, and at most `limit` bytes of them.
    pub(crate) fn new(limit: u64) -> Self {
        Self { text: String::new(), limit, path: String::new() }
    }

    /// Adds the lines of `value`, which stands at `path` (empty for the outermost). Empty and missing values are left out;
    /// a list of values that are not nested is one line.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit.
    pub(crate) fn add(&mut self, path: &str, value: &MetaValue) -> Result<()> {
        // One path that grows and shrinks: keys may be long and what is in them small and many.
        let outer = self.path.len();
        self.path.push_str(path);
        let added = self.add_here(value);
        self.path.truncate(outer);
        added
    }

    /// The lines, with no line end after the last.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn add_here(&mut self, value: &MetaValue) -> Result<()> {
        match value {
            MetaValue::Object(map) => map.iter().try_for_each(|(key, value)| {
                let dot = if self.path.is_empty() { "" } else { "." };
                self.add(&format!("{dot}{}", key.replace('\n', " ")), value)
            }),
            MetaValue::List(values) if values.iter().any(is_nested) => {
                let mut numbered = values.iter().enumerate();
                numbered.try_for_each(|(index, value)| self.add(&format!("[{index}]"), value))
            }
            MetaValue::List(values) => self.line(&joined(values)),
            MetaValue::Null => Ok(()),
            MetaValue::String(text) => self.line(text),
            other => self.line(&other.to_string()),
        }
    }

    fn line(&mut self, value: &str) -> Result<()> {
        let value = value.trim();
        if value.is_empty() {
            return Ok(());
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        if !self.path.is_empty() {
            self.text.push_str(&self.path);
            self.text.push_str(": ");
        }
        self.text.push_str(value);
        if self.text.len() as u64 > self.limit {
            return Err(too_large("bytes of text", self.limit));
        }
        Ok(())
    }
}

fn is_nested(value: &MetaValue) -> bool {
    matches!(value, MetaValue::Object(_) | MetaValue::List(_))
}

fn joined(values: &[MetaValue]) -> String {
    let shown: Vec<_> =
        values.iter().filter(|value| **value != MetaValue::Null).map(ToString::to_string).collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::ErrorKind;

    fn lines(json: &str, limit: u64) -> Result<String> {
        let mut lines = Lines::new(limit);
        lines.add("", &serde_json::from_str(json).expect("json"))?;
        Ok(lines.finish())
    }

    #[test]
    fn nested_values_become_lines() {
        let check =
            |json: &str, expected: &str| assert_eq!(lines(json, 1000).expect("short"), expected, "{json}");
        check(r#"{"a": 1, "b": "two\nlines", "c": null, "d": " "}"#, "a: 1\nb: two\nlines");
        check(r#"{"a": {"b": [{"c": true}, {"c": 1.50}]}}"#, "a.b[0].c: true\na.b[1].c: 1.5");
        check(r#"{"tags": ["x", 2, null, "y"], "none": []}"#, "tags: x, 2, y");
        check(r#""alone""#, "alone");
        check(r"[1, [2, 3]]", "[0]: 1\n[1]: 2, 3");
        check(r#"{"a\nb": 1}"#, "a b: 1");
    }

    #[test]
    fn a_long_path_over_many_values_is_stopped() {
        let json = format!(r#"{{"{}": [[1], [2], [3], [4]]}}"#, "k".repeat(100));
        assert_eq!(lines(&json, 300).map_err(|error| error.kind()), Err(ErrorKind::TooLarge));
    }
}
