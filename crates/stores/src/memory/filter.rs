//! Which slots match a filter? One bitmap, the same as `Filter::matches` would give Document by Document.

use super::columns::{Column, Number};
use super::{columns::Columns, index::Index};
use crate::words::slots::Slots;
use pllm_core::filter::Field;
use pllm_core::{Comparison, Filter, MetaValue, time};
use roaring::{MultiOps, RoaringBitmap};
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// What the columns cannot answer is asked of the rows: which of these slots match this comparison?
pub(super) type AskRows<'a, E> = dyn FnMut(&RoaringBitmap, &Filter) -> Result<RoaringBitmap, E> + 'a;

/// The slots of `within` that match.
pub(super) fn compile<E>(
    filter: &Filter,
    index: &Index,
    within: &RoaringBitmap,
    rows: &mut AskRows<'_, E>,
) -> Result<RoaringBitmap, E> {
    match filter {
        Filter::Compare { field, operator, value } => {
            let mut comparison = Compiler { index, within, field, rows };
            comparison.compile(*operator, value)
        }
        Filter::And(parts) => all(parts, index, within, rows),
        Filter::Not(parts) => Ok(within - all(parts, index, within, rows)?),
        Filter::Or(parts) => {
            let mut found = RoaringBitmap::new();
            for part in parts {
                found |= compile(part, index, &(within - &found), rows)?;
            }
            Ok(found)
        }
    }
}

fn all<E>(
    parts: &[Filter],
    index: &Index,
    within: &RoaringBitmap,
    rows: &mut AskRows<'_, E>,
) -> Result<RoaringBitmap, E> {
    let mut left = within.clone();
    for part in parts {
        left = compile(part, index, &left, rows)?;
    }
    Ok(left)
}

struct Compiler<'a, 'r, E> {
    index: &'a Index,
    within: &'a RoaringBitmap,
    field: &'a str,
    rows: &'a mut AskRows<'r, E>,
}

impl<E> Compiler<'_, '_, E> {
    fn compile(&mut self, operator: Comparison, value: &MetaValue) -> Result<RoaringBitmap, E> {
        let within = self.within;
        match operator {
            Comparison::NotEqual => Ok(within - self.positive(Comparison::Equal, value)?),
            Comparison::NotIn => Ok(within - self.positive(Comparison::In, value)?),
            _ => self.positive(operator, value),
        }
    }

    fn positive(&mut self, operator: Comparison, value: &MetaValue) -> Result<RoaringBitmap, E> {
        let columns: &Columns = &self.index.columns;
        let column = match Field::of(self.field) {
            Field::Content => return self.ask(self.within, operator, value),
            Field::Id if operator.is_ordering() => return self.ask(self.within, operator, value),
            Field::Id => return Ok(ids(&self.index.slots, operator, value) & self.within),
            Field::Language => Some(&columns.language),
            Field::Source => Some(&columns.source),
            Field::Revision => Some(&columns.revision),
            Field::Meta(path) => columns.meta(path),
        };
        match column {
            Some(column) if operator.is_ordering() => Ok(ordered(column, operator, value) & self.within),
            Some(column) => self.equal(column, operator, value),
            // Null everywhere.
            None if operator.holds(&MetaValue::Null, value) => Ok(self.within.clone()),
            None => Ok(RoaringBitmap::new()),
        }
    }

    /// `==` and `in`.
    fn equal(
        &mut self,
        column: &Column,
        operator: Comparison,
        value: &MetaValue,
    ) -> Result<RoaringBitmap, E> {
        let (mut sets, mut ask) = (Vec::new(), false);
        for value in operands(operator, value) {
            match column.equal(value) {
                Some(slots) => sets.push(slots),
                None if *value == MetaValue::Null => sets.push(self.within - column.present()),
                None => ask = true,
            }
        }
        // At once: one after another takes the square of the time, and unfinished revisions are asked for by the thousand.
        let mut found = sets.union();
        found &= self.within;
        if ask {
            let doubtful = column.complex() & self.within;
            found |= self.ask(&doubtful, operator, value)?;
        }
        Ok(found)
    }

    fn ask(
        &mut self,
        slots: &RoaringBitmap,
        operator: Comparison,
        value: &MetaValue,
    ) -> Result<RoaringBitmap, E> {
        (self.rows)(slots, &Filter::compare(self.field, operator, value.clone()))
    }
}

/// The values that `==` or `in` looks for.
fn operands(operator: Comparison, value: &MetaValue) -> &[MetaValue] {
    match (operator, value) {
        (Comparison::In, MetaValue::List(values)) => values,
        _ => std::slice::from_ref(value),
    }
}

fn ids(slots: &Slots, operator: Comparison, value: &MetaValue) -> RoaringBitmap {
    operands(operator, value).iter().filter_map(MetaValue::as_str).filter_map(|id| slots.find(id)).collect()
}

fn ordered(column: &Column, operator: Comparison, value: &MetaValue) -> RoaringBitmap {
    match value {
        MetaValue::String(text) => time::instant(text).map(|instant| column.dates(range(operator, instant))),
        _ => Number::of(value).map(|number| column.numbers(range(operator, number))),
    }
    .unwrap_or_default()
}

fn range<T>(operator: Comparison, limit: T) -> (Bound<T>, Bound<T>) {
    match operator {
        Comparison::Greater => (Excluded(limit), Unbounded),
        Comparison::GreaterOrEqual => (Included(limit), Unbounded),
        Comparison::Less => (Unbounded, Excluded(limit)),
        _ => (Unbounded, Included(limit)),
    }
}
