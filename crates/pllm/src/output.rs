//! What goes to standard output and standard error.

use anyhow::Result;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Writes to standard output; a reader that went away (`| head`) ends the process quietly.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}

/// Writes a line to standard output.
pub(crate) fn line(text: &str) -> Result<()> {
    print(&format!("{text}\n"))
}

/// Writes JSON to standard output, indented for people where it is a terminal.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    let text = if io::stdout().is_terminal() {
        serde_json::to_string_pretty(value)?
    } else {
        serde_json::to_string(value)?
    };
    line(&text)
}

/// Writes a line to standard error; when that fails there is nobody left to tell.
pub(crate) fn error_line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A table with columns as wide as their widest cell.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let render = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    std::iter::once(&head).chain(rows).map(render).collect()
}

/// Bytes as people read them: `1.2 MB`.
#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
pub(crate) fn bytes(bytes: u64) -> String {
    let steps = ["B", "kB", "MB", "GB", "TB"];
    let (mut value, mut step) = (bytes as f64, 0);
    while value >= 1000.0 && step + 1 < steps.len() {
        value /= 1000.0;
        step += 1;
    }
    if step == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", steps[step]) }
}

/// `text` on one line, cut after `max` characters.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= max { flat } else { flat.chars().take(max).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_sizes_read_well() {
        let rows = vec![vec!["a".to_owned(), "long cell".to_owned()], vec!["bcd".to_owned(), String::new()]];
        assert_eq!(table(&["ID", "NAME"], &rows), "ID   NAME\na    long cell\nbcd\n");
        assert_eq!((bytes(999), bytes(1200)), ("999 B".to_owned(), "1.2 kB".to_owned()));
        assert_eq!(shorten("a\n b   c", 3), "a b…");
    }
}
