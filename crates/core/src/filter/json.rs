//! Haystack's JSON: `{"field", "operator", "value"}` and `{"operator": "AND|OR|NOT", "conditions": [..]}`.

use super::{Comparison, Filter, MAX_DEPTH};
use crate::{Error, MetaValue, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const SHAPE: &str =
    r#"a condition is {"field": …, "operator": …, "value": …} or {"operator": "AND", "conditions": [ … ]}"#;

/// Reads JSON text.
pub(super) fn parse(text: &str) -> Result<Filter> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let message = format!("filter is not JSON, line {} column {}", error.line(), error.column());
        Error::invalid("core.filter", message).hint(SHAPE).caused_by(error)
    })?;
    Filter::from_json(&value)
}

impl Filter {
    /// Reads Haystack's JSON and checks it as [`Filter::validate`] does.
    ///
    /// # Errors
    /// `InvalidInput` naming the JSON path of what is missing, unknown or of the wrong type.
    pub fn from_json(value: &Value) -> Result<Self> {
        let filter = read(value, "$", 1)?;
        filter.validate()?;
        Ok(filter)
    }

    /// The filter as Haystack's JSON; [`Filter::from_json`] gives back an equal one.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let logic = |operator: &str, parts: &[Self]| {
            let conditions: Vec<Value> = parts.iter().map(Self::to_json).collect();
            json!({"operator": operator, "conditions": conditions})
        };
        match self {
            Self::Compare { field, operator, value } => {
                json!({"field": field, "operator": operator.symbol(), "value": value})
            }
            Self::And(parts) => logic("AND", parts),
            Self::Or(parts) => logic("OR", parts),
            Self::Not(parts) => logic("NOT", parts),
        }
    }
}

fn fault(path: &str, message: impl std::fmt::Display) -> Error {
    Error::invalid("core.filter", format!("filter at {path}: {message}")).hint(SHAPE)
}

fn read(value: &Value, path: &str, depth: usize) -> Result<Filter> {
    if depth > MAX_DEPTH {
        return Err(fault(path, format_args!("nested too deeply, expected at most {MAX_DEPTH} levels")));
    }
    let Value::Object(map) = value else {
        return Err(fault(path, format_args!("{value} is not an object")));
    };
    let is_comparison = map.contains_key("field");
    let known: &[&str] =
        if is_comparison { &["field", "operator", "value"] } else { &["operator", "conditions"] };
    if let Some(key) = map.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(fault(path, format_args!("unknown key {key:?}, expected {}", known.join(", "))));
    }
    if is_comparison { read_comparison(map, path, depth) } else { read_logic(map, path, depth) }
}

fn read_comparison(map: &Map<String, Value>, path: &str, depth: usize) -> Result<Filter> {
    let field = text(map, "field", path)?;
    let name = text(map, "operator", path)?;
    let operator = Comparison::ALL.into_iter().find(|known| known.symbol() == name).ok_or_else(|| {
        let known = Comparison::ALL.map(Comparison::symbol).join("  ");
        fault(&format!("{path}.operator"), format_args!("unknown operator {name:?}, expected one of {known}"))
    })?;
    let value = member(map, "value", path)?;
    check_depth(value, depth, path)?;
    let value = MetaValue::deserialize(value)
        .map_err(|error| fault(&format!("{path}.value"), "not a value").caused_by(error))?;
    Ok(Filter::compare(field, operator, value))
}

fn read_logic(map: &Map<String, Value>, path: &str, depth: usize) -> Result<Filter> {
    let operator = text(map, "operator", path)?;
    let make = match operator {
        "AND" => Filter::And,
        "OR" => Filter::Or,
        "NOT" => Filter::Not,
        _ => {
            let message = format_args!("unknown operator {operator:?}, expected AND, OR or NOT");
            return Err(fault(&format!("{path}.operator"), message));
        }
    };
    let Value::Array(conditions) = member(map, "conditions", path)? else {
        return Err(fault(&format!("{path}.conditions"), "not a list"));
    };
    let parts = conditions
        .iter()
        .enumerate()
        .map(|(n, condition)| read(condition, &format!("{path}.conditions[{n}]"), depth + 1));
    parts.collect::<Result<_>>().map(make)
}

fn member<'v>(map: &'v Map<String, Value>, key: &str, path: &str) -> Result<&'v Value> {
    map.get(key).ok_or_else(|| fault(path, format_args!("{key:?} is missing")))
}

fn text<'v>(map: &'v Map<String, Value>, key: &str, path: &str) -> Result<&'v str> {
    member(map, key, path)?.as_str().ok_or_else(|| fault(&format!("{path}.{key}"), "not a string"))
}

fn check_depth(value: &Value, depth: usize, path: &str) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(fault(
            path,
            format_args!("value is nested too deeply, expected at most {MAX_DEPTH} levels"),
        ));
    }
    match value {
        Value::Array(values) => values.iter().try_for_each(|inner| check_depth(inner, depth + 1, path)),
        Value::Object(map) => map.values().try_for_each(|inner| check_depth(inner, depth + 1, path)),
        _ => Ok(()),
    }
}
