//! Which Documents have which value in a field? Dictionaries of values, sorted numbers and dates, so that a filter is a union
//! of bitmaps.

use crate::words::slots::Renumbering;
use pllm_core::{Document, Meta, MetaValue, filter, time};
use roaring::RoaringBitmap;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeBounds;

/// Longer strings are not kept in the dictionary; comparing with them reads the rows.
pub(super) const LONGEST_STRING: usize = 256;

/// The fields of the index. Metadata is under the path that [`filter::lookup`] reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Columns {
    pub(super) language: Column,
    pub(super) source: Column,
    pub(super) revision: Column,
    meta: HashMap<Box<str>, Column>,
}

/// The slots of each value of one field. Dead slots may be in the sets.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Column {
    /// Where the value is not null.
    present: RoaringBitmap,
    /// Lists, objects and long strings.
    complex: RoaringBitmap,
    bools: [RoaringBitmap; 2],
    numbers: BTreeMap<Number, RoaringBitmap>,
    strings: HashMap<Box<str>, RoaringBitmap>,
    /// Strings that are ISO 8601, by their instant.
    dates: BTreeMap<i64, RoaringBitmap>,
}

/// A whole number or float, ordered and equal by value: 1 is 1.0.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    pub(super) fn of(value: &MetaValue) -> Option<Self> {
        match value {
            MetaValue::Int(int) => Some(Self::Int(*int)),
            MetaValue::Float(float) if !float.is_nan() => Some(Self::Float(*float)),
            _ => None,
        }
    }

    fn value(self) -> MetaValue {
        match self {
            Self::Int(int) => MetaValue::Int(int),
            Self::Float(float) => MetaValue::Float(float),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // No NaN is ever made a Number, so the two always compare.
        filter::compare_numbers(&self.value(), &other.value()).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl Columns {
    /// Adds the fields of the Document of the next slot.
    pub(super) fn push(&mut self, slot: u32, document: &Document) {
        if let Some(language) = &document.language {
            self.language.push(slot, &language.code().into());
        }
        if let Some(span) = &document.span {
            self.source.push(slot, &span.source.as_str().into());
            self.revision.push(slot, &MetaValue::Int(span.revision.into()));
        }
        let mut paths = Vec::new();
        collect_paths("", &document.meta, &mut paths);
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            // Of several readings of a path the index has the one that the evaluation takes.
            let value = filter::lookup(&document.meta, &path).unwrap_or(&MetaValue::Null);
            match self.meta.get_mut(path.as_str()) {
                Some(column) => column.push(slot, value),
                None if *value == MetaValue::Null => {}
                None => self.meta.entry(path.into_boxed_str()).or_default().push(slot, value),
            }
        }
    }

    /// The column of a path into the metadata; `None` when no Document has it.
    pub(super) fn meta(&self, path: &str) -> Option<&Column> {
        self.meta.get(path)
    }

    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        for column in [&mut self.language, &mut self.source, &mut self.revision] {
            column.renumber(renumbering);
        }
        self.meta.retain(|_, column| {
            column.renumber(renumbering);
            // A column of nothing but nulls is the same as none.
            !column.present.is_empty()
        });
    }
}

/// Every path to a value or object that is not null.
fn collect_paths(prefix: &str, map: &Meta, paths: &mut Vec<String>) {
    for (key, value) in map {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if let MetaValue::Object(inner) = value {
            collect_paths(&path, inner, paths);
        }
        if *value != MetaValue::Null {
            paths.push(path);
        }
    }
}

impl Column {
    fn push(&mut self, slot: u32, value: &MetaValue) {
        match value {
            MetaValue::Null => return,
            MetaValue::Bool(value) => {
                self.bools[usize::from(*value)].insert(slot);
            }
            MetaValue::Int(_) | MetaValue::Float(_) => {
                if let Some(number) = Number::of(value) {
                    self.numbers.entry(number).or_default().insert(slot);
                }
            }
            MetaValue::String(text) => self.push_string(slot, text),
            MetaValue::List(_) | MetaValue::Object(_) => {
                self.complex.insert(slot);
            }
        }
        self.present.insert(slot);
    }

    fn push_string(&mut self, slot: u32, text: &str) {
        if let Some(instant) = time::instant(text) {
            self.dates.entry(instant).or_default().insert(slot);
        }
        if text.len() > LONGEST_STRING {
            self.complex.insert(slot);
        } else if let Some(slots) = self.strings.get_mut(text) {
            slots.insert(slot);
        } else {
            self.strings.entry(text.into()).or_default().insert(slot);
        }
    }

    /// Where the value is not null.
    pub(super) fn present(&self) -> &RoaringBitmap {
        &self.present
    }

    /// Where only the row can say whether the value equals one that [`Column::equal`] does not know.
    pub(super) fn complex(&self) -> &RoaringBitmap {
        &self.complex
    }

    /// Where the value equals `value`; `None` for values that are not in a dictionary: null, lists, objects, long strings.
    pub(super) fn equal(&self, value: &MetaValue) -> Option<RoaringBitmap> {
        let found = match value {
            MetaValue::Bool(value) => Some(&self.bools[usize::from(*value)]),
            MetaValue::Int(_) | MetaValue::Float(_) => {
                Number::of(value).and_then(|number| self.numbers.get(&number))
            }
            MetaValue::String(text) if text.len() <= LONGEST_STRING => self.strings.get(text.as_str()),
            _ => return None,
        };
        Some(found.cloned().unwrap_or_default())
    }

    /// Where the value is a number in the range.
    pub(super) fn numbers(&self, range: impl RangeBounds<Number>) -> RoaringBitmap {
        union(self.numbers.range(range).map(|(_, slots)| slots))
    }

    /// Where the value is a date or date-time in the range, in microseconds since 1970.
    pub(super) fn dates(&self, range: impl RangeBounds<i64>) -> RoaringBitmap {
        union(self.dates.range(range).map(|(_, slots)| slots))
    }

    fn renumber(&mut self, renumbering: &Renumbering) {
        for slots in [&mut self.present, &mut self.complex].into_iter().chain(&mut self.bools) {
            *slots = renumbering.bitmap(slots);
        }
        let keep = |slots: &mut RoaringBitmap| {
            *slots = renumbering.bitmap(slots);
            !slots.is_empty()
        };
        self.numbers.retain(|_, slots| keep(slots));
        self.strings.retain(|_, slots| keep(slots));
        self.dates.retain(|_, slots| keep(slots));
    }
}

fn union<'a>(sets: impl Iterator<Item = &'a RoaringBitmap>) -> RoaringBitmap {
    roaring::MultiOps::union(sets)
}
