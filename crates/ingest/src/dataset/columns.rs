//! Which columns a table has, what type each is, and which of them are text, metadata and id.

use super::{OPERATION, Rows, no_rows};
use crate::lines::Lines;
use indexmap::IndexMap;
use pllm_core::converter::DatasetColumns;
use pllm_core::{Error, Meta, MetaValue, Result};

/// The type that all values of a column can be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// No value seen yet.
    Empty,
    Integer,
    Number,
    Boolean,
    Text,
}

impl Kind {
    /// The type that also takes `cell`.
    fn with(self, cell: &str) -> Self {
        let other = match MetaValue::infer(cell) {
            MetaValue::Null => return self,
            MetaValue::Int(_) => Self::Integer,
            MetaValue::Float(_) => Self::Number,
            MetaValue::Bool(_) => Self::Boolean,
            _ => Self::Text,
        };
        match (self, other) {
            (Self::Empty, kind) => kind,
            (a, b) if a == b => a,
            (Self::Integer | Self::Number, Self::Integer | Self::Number) => Self::Number,
            _ => Self::Text,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a column with one fraction is one of floats")]
    fn read(self, cell: String) -> MetaValue {
        match (self, MetaValue::infer(&cell)) {
            (Self::Text, _) => MetaValue::String(cell),
            (Self::Number, MetaValue::Int(whole)) => MetaValue::Float(whole as f64),
            (_, value) => value,
        }
    }
}

/// What one pass over all rows shows.
#[derive(Debug)]
pub(super) struct Survey {
    /// Columns in the order they first appear; the type only where values come untyped.
    kinds: IndexMap<String, Kind>,
    /// Asked-for columns that were not found anywhere.
    missing: Vec<String>,
    untyped: bool,
}

impl Survey {
    /// Goes over all rows.
    pub(super) fn of(rows: &dyn Rows, asked: &DatasetColumns) -> Result<Self> {
        let names = asked.content.iter().chain(&asked.meta).chain(&asked.id);
        let missing = names.filter(|name| !rows.header().contains(name)).cloned().collect();
        let kinds = rows.header().iter().map(|name| (name.clone(), Kind::Empty)).collect();
        let mut survey = Self { kinds, missing, untyped: rows.untyped() };
        let mut count = 0_u64;
        rows.each(&mut |number, row| {
            count = number;
            survey.missing.retain(|name| lookup(&row, name).is_none());
            survey.add(&row);
            Ok(())
        })?;
        if count == 0 {
            return Err(no_rows());
        }
        Ok(survey)
    }

    fn add(&mut self, row: &MetaValue) {
        let MetaValue::Object(map) = row else { return };
        for (column, value) in map {
            let kind = match self.kinds.get_mut(column) {
                Some(kind) => kind,
                None => self.kinds.entry(column.clone()).or_insert(Kind::Empty),
            };
            if self.untyped
                && let MetaValue::String(cell) = value
            {
                *kind = kind.with(cell);
            }
        }
    }
}

/// The columns of a table in their roles.
#[derive(Debug)]
pub(super) struct Columns {
    /// Columns of the text in the order asked for; empty = all, in the file's order.
    content: Vec<String>,
    /// Columns to filter by; empty = all that are not content, without long values where all are content.
    meta: Vec<String>,
    id: Option<String>,
    survey: Survey,
}

impl Columns {
    /// Gives the columns their roles.
    pub(super) fn choose(asked: &DatasetColumns, survey: Survey) -> Result<Self> {
        if let Some(name) = survey.missing.first() {
            let there: Vec<_> = survey.kinds.keys().take(50).map(|column| format!("{column:?}")).collect();
            let message = format!("there is no column {name:?}, expected one of {}", there.join(", "));
            return Err(Error::invalid(OPERATION, message));
        }
        let (content, meta, id) = (asked.content.clone(), asked.meta.clone(), asked.id.clone());
        Ok(Self { content, meta, id, survey })
    }

    /// Writes the `column: value` lines of a row.
    pub(super) fn write_text(&self, row: &MetaValue, text: &mut Lines) -> Result<()> {
        if self.content.is_empty() {
            return text.add("", row);
        }
        for column in &self.content {
            if let Some(value) = lookup(row, column) {
                text.add(column, value)?;
            }
        }
        Ok(())
    }

    /// What tells the row from others, where a column was named for it.
    pub(super) fn key(&self, row: &MetaValue) -> Option<String> {
        match lookup(row, self.id.as_ref()?)? {
            MetaValue::Null => None,
            value => Some(value.to_string()),
        }
    }

    /// What the row can be filtered by.
    pub(super) fn meta(&self, row: MetaValue) -> Meta {
        if !self.meta.is_empty() {
            let found = |name: &String| lookup(&row, name).map(|value| (name.clone(), value.clone()));
            return self.meta.iter().filter_map(found).map(|(name, value)| self.typed(name, value)).collect();
        }
        let MetaValue::Object(map) = row else { return Meta::new() };
        // Every Document of the row carries all of it: a page of text, which the content has already, would be there once a
        // Document, and nobody filters by it.
        let fits = |value: &MetaValue| !self.content.is_empty() || size(value) <= MAX_FILTERED;
        let is_meta = |(name, value): &(String, MetaValue)| !self.content.contains(name) && fits(value);
        map.into_iter().filter(is_meta).map(|(name, value)| self.typed(name, value)).collect()
    }

    fn typed(&self, name: String, value: MetaValue) -> (String, MetaValue) {
        let value = match (value, self.survey.kinds.get(&name)) {
            (MetaValue::String(cell), Some(kind)) if self.survey.untyped => kind.read(cell),
            (value, _) => value,
        };
        (name, value)
    }
}

/// What a column that nobody chose may be long and still be filtered by, bytes.
pub(super) const MAX_FILTERED: usize = 500;

/// Bytes of a value, with all that is in it.
pub(super) fn size(value: &MetaValue) -> usize {
    match value {
        MetaValue::String(text) => text.len(),
        MetaValue::List(values) => values.iter().map(size).sum(),
        MetaValue::Object(map) => map.iter().map(|(key, value)| key.len() + size(value)).sum(),
        _ => 8,
    }
}

/// The value of a column: a key of the row, or a dotted path to a value inside one.
fn lookup<'a>(row: &'a MetaValue, name: &str) -> Option<&'a MetaValue> {
    let MetaValue::Object(map) = row else { return None };
    map.get(name).or_else(|| {
        name.match_indices('.').find_map(|(at, _)| lookup(map.get(&name[..at])?, &name[at + 1..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_one_type() {
        let check = |cells: &[&str], expected: Kind| {
            assert_eq!(cells.iter().fold(Kind::Empty, |kind, cell| kind.with(cell)), expected, "{cells:?}");
        };
        check(&["1", "2"], Kind::Integer);
        check(&["1", "2.5"], Kind::Number);
        check(&["1", "null", "3"], Kind::Integer);
        check(&["true", "false"], Kind::Boolean);
        check(&["1", "true"], Kind::Text);
        check(&["1", "n/a"], Kind::Text);
        check(&["01069", "10115"], Kind::Text);
        assert_eq!(Kind::Number.read("3".to_owned()), MetaValue::Float(3.0));
        assert_eq!(Kind::Text.read("3".to_owned()), MetaValue::String("3".to_owned()));
    }

    #[test]
    fn a_long_text_is_filtered_by_only_when_asked_for() {
        let row = |asked: &DatasetColumns| {
            let row: Meta = [
                ("year".to_owned(), MetaValue::Int(2020)),
                ("body".to_owned(), MetaValue::String("x".repeat(MAX_FILTERED + 1))),
            ]
            .into();
            let survey = Survey { kinds: IndexMap::new(), missing: Vec::new(), untyped: false };
            let columns = Columns::choose(asked, survey).expect("nothing is missing");
            columns.meta(MetaValue::Object(row)).into_keys().collect::<Vec<_>>()
        };
        let named = |name: &str| vec![name.to_owned()];
        assert_eq!(row(&DatasetColumns::default()), ["year"]);
        assert_eq!(row(&DatasetColumns { meta: named("body"), ..DatasetColumns::default() }), ["body"]);
        assert_eq!(row(&DatasetColumns { content: named("year"), ..DatasetColumns::default() }), ["body"]);
    }

    #[test]
    fn a_column_may_be_inside_another() {
        let row: MetaValue = serde_json::from_str(r#"{"a": {"b.c": {"d": 1}}, "a.x": 2}"#).expect("json");
        assert_eq!(lookup(&row, "a.b.c.d"), Some(&MetaValue::Int(1)));
        assert_eq!(lookup(&row, "a.x"), Some(&MetaValue::Int(2)));
        assert_eq!(lookup(&row, "a.b"), None);
        assert_eq!(lookup(&MetaValue::Null, "a"), None);
    }
}
