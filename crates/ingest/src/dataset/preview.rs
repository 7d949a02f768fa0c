//! The columns of a table with some of their values, for whoever chooses which of them are text, metadata and id.

use super::columns::{MAX_FILTERED, size};
use super::{Rows, no_rows};
use indexmap::IndexMap;
use pllm_core::converter::TableColumn;
use pllm_core::{MetaValue, Result};

/// Values shown of a column.
const SAMPLES: usize = 5;
/// Longest value shown, code points.
const SAMPLE_CHARS: usize = 200;
/// Columns shown; a table has more only where it was made to.
const MOST_COLUMNS: usize = 1000;

/// The columns in the order they first appear.
///
/// # Errors
/// `InvalidInput` when there are no rows.
pub(super) fn columns(rows: &dyn Rows) -> Result<Vec<TableColumn>> {
    let column = |name: &String| TableColumn { name: name.clone(), samples: Vec::new(), is_meta: true };
    let header = rows.header().iter().take(MOST_COLUMNS);
    let mut columns: IndexMap<String, TableColumn> =
        header.map(|name| (name.clone(), column(name))).collect();
    let mut is_empty = true;
    rows.each(&mut |_, row| {
        is_empty = false;
        let MetaValue::Object(cells) = row else { return Ok(()) };
        for (name, value) in &cells {
            if !columns.contains_key(name) && columns.len() < MOST_COLUMNS {
                columns.insert(name.clone(), column(name));
            }
            if let Some(column) = columns.get_mut(name) {
                add(column, value);
            }
        }
        Ok(())
    })?;
    if is_empty { Err(no_rows()) } else { Ok(columns.into_values().collect()) }
}

fn add(column: &mut TableColumn, value: &MetaValue) {
    column.is_meta &= size(value) <= MAX_FILTERED;
    if column.samples.len() < SAMPLES && *value != MetaValue::Null {
        let sample: String = value.to_string().chars().take(SAMPLE_CHARS).collect();
        if !sample.is_empty() && !column.samples.contains(&sample) {
            column.samples.push(sample);
        }
    }
}
