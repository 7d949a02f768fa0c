//! How a file's text travels from its reader, and what is checked when it arrives: whoever wrote the file may have the reader.
//!
//! An item is one byte, `p` for a part or `r` for a row, the length of its JSON (u32, little endian), the JSON, and the text.

use crate::layout::{StoredPlace, opened, stored};
use crate::report::StoredReport;
use pllm_core::converter::{ConvertOptions, DatasetColumns, Passwords, Record, TableColumn, TableReading};
use pllm_core::{Error, ErrorKind, Limits, Meta, Part, PartSink, ReadingReport, Result};
use pllm_runtime::worker::Replies;
use pllm_text::ByteRange;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const OPERATION: &str = "ingest.convert";
const PART: u8 = b'p';
const ROW: u8 = b'r';

#[derive(Serialize, Deserialize)]
struct Head {
    name: String,
    max_input_bytes: u64,
    max_text_bytes: u64,
    max_records: u64,
    content: Vec<String>,
    meta: Vec<String>,
    id: Option<String>,
    passwords: Vec<String>,
    tables: HeadTables,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum HeadTables {
    Records,
    Text,
    Columns,
}

#[derive(Serialize, Deserialize)]
struct Column {
    name: String,
    samples: Vec<String>,
    is_meta: bool,
}

#[derive(Serialize, Deserialize)]
struct RowHead {
    key: String,
    place: StoredPlace,
    meta: Meta,
}

type PartHead = Vec<(usize, usize, StoredPlace)>;

#[derive(Serialize, Deserialize)]
enum Outcome {
    Read { format: String, encoding: String, meta: Meta, report: StoredReport, columns: Vec<Column> },
    Failed { kind: String, message: String, hint: Option<String> },
}

/// What a reader is told.
pub(super) fn head(name: &str, options: &ConvertOptions) -> Result<Vec<u8>> {
    let (limits, columns) = (options.limits, options.columns.clone());
    json(&Head {
        name: name.to_owned(),
        max_input_bytes: limits.max_input_bytes,
        max_text_bytes: limits.max_text_bytes,
        max_records: limits.max_records,
        content: columns.content,
        meta: columns.meta,
        id: columns.id,
        passwords: options.passwords.0.clone(),
        tables: match options.tables {
            TableReading::Records => HeadTables::Records,
            TableReading::Text => HeadTables::Text,
            TableReading::Columns => HeadTables::Columns,
        },
    })
}

/// The file's name and how to convert it.
pub(super) fn read_head(bytes: &[u8]) -> Result<(String, ConvertOptions)> {
    let head: Head = read_json(bytes)?;
    let limits = Limits {
        max_input_bytes: head.max_input_bytes,
        max_text_bytes: head.max_text_bytes,
        max_records: head.max_records,
    };
    let columns = DatasetColumns { content: head.content, meta: head.meta, id: head.id };
    let tables = match head.tables {
        HeadTables::Records => TableReading::Records,
        HeadTables::Text => TableReading::Text,
        HeadTables::Columns => TableReading::Columns,
    };
    Ok((head.name, ConvertOptions { limits, columns, passwords: Passwords(head.passwords), tables }))
}

/// Sends what a converter finds to the parent.
pub(super) struct Sent<'a, 'b>(pub(super) &'a mut Replies<'b>);

impl Sent<'_, '_> {
    fn send(&mut self, kind: u8, head: &[u8], text: &str) -> Result<()> {
        let length = u32::try_from(head.len()).map_err(|_| nonsense("an item is too long"))?;
        self.0.send(&[&[kind], &length.to_le_bytes(), head, text.as_bytes()])
    }
}

impl PartSink for Sent<'_, '_> {
    fn part(&mut self, part: Part) -> Result<()> {
        let place = |(range, place): &(ByteRange, _)| Ok((range.start(), range.end(), stored(place)?));
        let places = part.places.iter().map(place).collect::<Result<PartHead>>()?;
        self.send(PART, &json(&places)?, &part.text)
    }

    fn record(&mut self, record: Record) -> Result<()> {
        let head = RowHead { key: record.key, place: stored(&record.place)?, meta: record.meta };
        self.send(ROW, &json(&head)?, &record.text)
    }
}

/// The end of a reply.
pub(super) fn result(outcome: Result<ReadingReport>) -> Vec<u8> {
    let outcome = outcome.and_then(|report| {
        let stored = StoredReport::of(&report)?;
        let ReadingReport { format, encoding, meta, columns, .. } = report;
        let column = |TableColumn { name, samples, is_meta }| Column { name, samples, is_meta };
        let columns = columns.into_iter().map(column).collect();
        json(&Outcome::Read { format: format.into_owned(), encoding, meta, report: stored, columns })
    });
    outcome.unwrap_or_else(|error| {
        let failed = Outcome::Failed {
            kind: error.kind().name().to_owned(),
            message: error.to_string(),
            hint: error.cure().map(str::to_owned),
        };
        // The parent takes an empty result for nonsense.
        json(&failed).unwrap_or_default()
    })
}

/// Checks what a reader sends and hands it on.
pub(super) struct Taken<'a> {
    sink: &'a mut (dyn PartSink + Send),
    limits: Limits,
    text_bytes: u64,
    records: u64,
}

impl<'a> Taken<'a> {
    pub(super) fn new(sink: &'a mut (dyn PartSink + Send), limits: Limits) -> Self {
        Self { sink, limits, text_bytes: 0, records: 0 }
    }

    /// Takes a part or a row.
    pub(super) fn item(&mut self, item: &[u8]) -> Result<()> {
        let (kind, head, text) = split(item).ok_or_else(|| nonsense("an item has no text"))?;
        self.text_bytes += text.len() as u64;
        if self.text_bytes > self.limits.max_text_bytes {
            return Err(nonsense("more text than was allowed"));
        }
        match kind {
            PART => self.sink.part(part(head, text)?),
            ROW => {
                self.records += 1;
                if self.records > self.limits.max_records {
                    return Err(nonsense("more rows than were allowed"));
                }
                let head: RowHead = read_json(head)?;
                let (key, place, meta) = (head.key, opened(head.place), head.meta);
                self.sink.record(Record { key, text: text.to_owned(), place, meta })
            }
            _ => Err(nonsense("an item of no kind")),
        }
    }

    /// The report at the end, or why there is none.
    pub(super) fn result(&self, bytes: &[u8]) -> Result<ReadingReport> {
        match read_json(bytes)? {
            Outcome::Read { format, encoding, meta, report, columns } => {
                let known = pllm_ingest::formats().iter().find(|known| known.name == format);
                let format = known.ok_or_else(|| nonsense("a format that is not in the table"))?.name.into();
                let report = report.opened();
                if (report.text_bytes, report.records) != (self.text_bytes, self.records) {
                    return Err(nonsense("a report of another text"));
                }
                let column = |Column { name, samples, is_meta }| TableColumn { name, samples, is_meta };
                let columns = columns.into_iter().map(column).collect();
                Ok(ReadingReport { format, encoding, meta, columns, ..report })
            }
            Outcome::Failed { kind, message, hint } => {
                let kind = ErrorKind::named(&kind).unwrap_or(ErrorKind::Internal);
                let error = Error::new(kind, OPERATION, message);
                Err(match hint {
                    Some(hint) => error.hint(hint),
                    None => error,
                })
            }
        }
    }
}

/// A part whose places are ascending ranges of whole characters of its text.
fn part(head: &[u8], text: &str) -> Result<Part> {
    let head: PartHead = read_json(head)?;
    let (mut places, mut last) = (Vec::with_capacity(head.len()), 0);
    for (start, end, place) in head {
        let within =
            last <= start && start <= end && text.is_char_boundary(start) && text.is_char_boundary(end);
        if !within {
            return Err(nonsense("a place that is not in the text"));
        }
        last = start;
        places.push((ByteRange::new(start, end), opened(place)));
    }
    Ok(Part { text: text.to_owned(), places })
}

fn split(item: &[u8]) -> Option<(u8, &[u8], &str)> {
    let (kind, rest) = item.split_first()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (head, text) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((*kind, head, std::str::from_utf8(text).ok()?))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| nonsense("it does not serialise").caused_by(error))
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // The parser's own words may quote what it read.
    serde_json::from_slice(bytes).map_err(|_| nonsense("it does not read"))
}

fn nonsense(what: &str) -> Error {
    Error::new(ErrorKind::Internal, OPERATION, format!("the reader of the file replied nonsense: {what}"))
}

#[cfg(test)]
mod tests;
