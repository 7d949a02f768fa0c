//! Documents with every kind of value in every kind of place, and the filters that are asked of them.

use super::sample::{document, in_language};
use crate::random::Random;
use libtest_mimic::Failed;
use pllm_core::{Comparison, Document, Embedding, Filter, Meta, MetaValue, SourceId, Span};
use pllm_text::ByteRange;
use serde_json::{Value, json};

/// Fields that a filter may name: metadata by both spellings, nested, dotted, missing; and those of the Document itself.
const FIELDS: &[&str] = &[
    "v",
    "meta.v",
    "n.deep.x",
    "meta.n.deep.x",
    "n.deep",
    "n.deep.x.y",
    "dotted.key",
    "year",
    "missing",
    "missing.x",
    "",
    "id",
    "content",
    "document.language",
    "document.source",
    "document.revision",
];

/// A value of each kind, with its near neighbours: numbers that differ in kind or in the last bit only, dates that name one
/// instant in different ways, strings that look like something else.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-2),
        json!(1.0),
        json!(0.5),
        json!(-2.5),
        json!(1e300),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(9_007_199_254_740_992_i64),
        json!(9_007_199_254_740_993_i64),
        json!(9_007_199_254_740_992.0),
        json!(""),
        json!("a"),
        json!("A"),
        json!("1"),
        json!("true"),
        json!("2020-01-31"),
        json!("2020-01-31T00:00:00Z"),
        json!("2020-01-31T02:00:00+02:00"),
        json!("2020-01-31T00:00:00.000001"),
        json!("2019-12-31"),
        json!("2019"),
        json!([]),
        json!([1]),
        json!([1.0, null]),
        json!(["a", "b"]),
        json!([[1]]),
        json!({}),
        json!({"y": 1}),
        json!({"y": "2020-01-31"}),
    ]
}

/// Values that some Document has in a field of its own.
fn own_values() -> Vec<Value> {
    vec![json!("f07"), json!("common w7"), json!("de"), json!("s1"), json!(2), json!(2018), json!(2018.5)]
}

/// One Document for each value in field `v`, and two without it; each with a vector of dimension 4 and the word `common`.
pub(super) fn corpus() -> Result<Vec<Document>, Failed> {
    let values = values();
    let mut random = Random::new(30);
    (0..values.len() + 2)
        .map(|n| {
            let mut meta = serde_json::Map::new();
            values.get(n).map(|value| meta.insert("v".to_owned(), value.clone()));
            if n % 4 != 3 {
                let deep = &values[(n * 7 + 3) % values.len()];
                meta.insert("n".to_owned(), json!({"deep": {"x": deep}}));
            }
            if n % 5 == 0 {
                meta.insert("dotted.key".to_owned(), values[(n * 3 + 1) % values.len()].clone());
            }
            if n % 3 != 0 {
                meta.insert("year".to_owned(), json!(2014 + n % 7));
            }
            let document = document(&format!("f{n:02}"), &format!("common w{n}"))?;
            let meta: Meta = serde_json::from_value(Value::Object(meta))?;
            let embedding = Some(Embedding::new(random.unit_vector(4))?);
            let document = Document { meta, embedding, span: span(n)?, ..document };
            Ok(in_language(document, ["en", "de", "zh", "none"][n % 4]))
        })
        .collect()
}

fn span(n: usize) -> pllm_core::Result<Option<Span>> {
    if n.is_multiple_of(3) {
        return Ok(None);
    }
    let source = SourceId::new(["s0", "s1"][n % 2])?;
    let revision = [1, 2, 3, 4][n % 4];
    Ok(Some(Span { source, revision, range: ByteRange::new(n, n + 9) }))
}

/// Every field compared by `operator` with every value; for `in` and `not in` with lists made of them.
pub(super) fn comparisons(operator: Comparison) -> Result<Vec<Filter>, Failed> {
    let single: Vec<Value> = values().into_iter().chain(own_values()).collect();
    let operands = match operator {
        Comparison::In | Comparison::NotIn => {
            let several =
                [json!([]), json!([null, 1, "a"]), json!([[], {}, "f07"]), Value::Array(single.clone())];
            single.into_iter().map(|value| json!([value])).chain(several).collect()
        }
        _ => single,
    };
    let mut filters = Vec::new();
    for field in FIELDS {
        for operand in &operands {
            let value: MetaValue = serde_json::from_value(operand.clone())?;
            filters.push(Filter::compare(field, operator, value));
        }
    }
    Ok(filters)
}

/// Seeded trees of And, Or and Not, empty ones too, over comparisons that can be evaluated.
pub(super) fn trees(count: usize) -> Result<Vec<Filter>, Failed> {
    let mut leaves = Vec::new();
    for operator in Comparison::ALL {
        leaves.extend(comparisons(operator)?.into_iter().filter(|filter| filter.validate().is_ok()));
    }
    let mut random = Random::new(31);
    Ok((0..count).map(|_| tree(&mut random, &leaves, 3)).collect())
}

fn tree(random: &mut Random, leaves: &[Filter], depth: usize) -> Filter {
    let kind = random.below(if depth == 0 { 1 } else { 5 });
    if kind <= 1 {
        return random.pick(leaves).clone();
    }
    let parts = (0..random.below(4)).map(|_| tree(random, leaves, depth - 1)).collect();
    [Filter::And, Filter::Or, Filter::Not][kind - 2](parts)
}
