//! What was a store made for? Its schema as JSON, and whether two of them are the same.

use pllm_core::{Bm25Variant, Error, ErrorKind, KeywordParameters, Result, Schema, Similarity};
use pllm_text::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The schema as it is written down.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaRecord {
    dimension: usize,
    similarity: String,
    languages: Vec<String>,
    keyword: KeywordRecord,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeywordRecord {
    analysis_version: u32,
    variant: String,
    k1: f64,
    b: f64,
    delta: f64,
}

/// `Conflict` naming the field where a store made with one schema is opened with another.
pub(crate) fn same(made: &Schema, asked: &Schema) -> Result<()> {
    same_record(&encode(made)?, &encode(asked)?)
}

/// The same for schemas as they are written down.
pub(crate) fn same_record(stored: &Value, asked: &Value) -> Result<()> {
    let Some((field, stored, asked)) = difference(stored, asked, "") else { return Ok(()) };
    let message = format!("the store was made with {field} {stored}, it is opened with {asked}");
    Err(Error::new(ErrorKind::Conflict, "stores.open", message)
        .hint("open it as it was made, or make a new generation and index again"))
}

/// The first field that is not the same.
fn difference(stored: &Value, asked: &Value, name: &str) -> Option<(String, Value, Value)> {
    if let (Value::Object(stored), Value::Object(asked)) = (stored, asked) {
        let prefix = if name.is_empty() { String::new() } else { format!("{name}.") };
        return asked.iter().find_map(|(key, asked)| {
            difference(stored.get(key).unwrap_or(&Value::Null), asked, &format!("{prefix}{key}"))
        });
    }
    (stored != asked).then(|| (name.to_owned(), stored.clone(), asked.clone()))
}

/// The schema as it is written down.
pub(crate) fn encode(schema: &Schema) -> Result<Value> {
    let keyword = &schema.keyword;
    let similarity = match schema.similarity {
        Similarity::Cosine => "cosine",
        other => {
            let message = format!("similarity {other:?} is not known here, expected cosine");
            return Err(Error::new(ErrorKind::Unsupported, "stores.open", message));
        }
    };
    let variant = match keyword.variant {
        Bm25Variant::Okapi => "okapi",
        Bm25Variant::L => "l",
        Bm25Variant::Plus => "plus",
    };
    let record = SchemaRecord {
        dimension: schema.dimension,
        similarity: similarity.to_owned(),
        languages: schema.languages.iter().map(Language::to_string).collect(),
        keyword: KeywordRecord {
            analysis_version: keyword.analysis_version,
            variant: variant.to_owned(),
            k1: keyword.k1,
            b: keyword.b,
            delta: keyword.delta,
        },
    };
    serde_json::to_value(record)
        .map_err(|error| Error::invalid("stores.open", "the schema cannot be written").caused_by(error))
}

/// Reads what [`encode`] wrote; else says why not.
pub(crate) fn decode(record: Value) -> Result<Schema, String> {
    let record: SchemaRecord = serde_json::from_value(record).map_err(|error| error.to_string())?;
    known(&record).ok_or_else(|| "its schema has an unknown value".to_owned())
}

fn known(record: &SchemaRecord) -> Option<Schema> {
    let variant = match record.keyword.variant.as_str() {
        "okapi" => Bm25Variant::Okapi,
        "l" => Bm25Variant::L,
        "plus" => Bm25Variant::Plus,
        _ => return None,
    };
    let KeywordRecord { analysis_version, k1, b, delta, .. } = record.keyword;
    Some(Schema {
        dimension: record.dimension,
        similarity: (record.similarity == "cosine").then_some(Similarity::Cosine)?,
        languages: record.languages.iter().map(|code| Language::parse(code)).collect::<Option<_>>()?,
        keyword: KeywordParameters { analysis_version, variant, k1, b, delta },
    })
}
