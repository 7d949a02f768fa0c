//! What filters read, print, refuse and match.

use super::*;
use crate::{Document, DocumentId, Meta, SourceId, Span};
use Comparison::*;
use pllm_text::{ByteRange, Language};
use proptest::prelude::*;
use serde_json::json;

fn compare(field: &str, operator: Comparison, value: impl Into<Json>) -> Filter {
    Filter::compare(field, operator, value.into().0)
}

/// A metadata value from a JSON literal.
struct Json(MetaValue);

impl<T: Into<serde_json::Value>> From<T> for Json {
    fn from(value: T) -> Self {
        Self(serde_json::from_value(value.into()).expect("a value"))
    }
}

#[test]
fn the_short_form_reads() {
    let check = |text: &str, expected: Filter| match Filter::parse(text) {
        Ok(filter) => assert_eq!(filter, expected, "{text}"),
        Err(error) => panic!("{text}: {error}"),
    };
    let (a, b, c) = (|| compare("a", Equal, 1), || compare("b", Equal, 2), || compare("c", Equal, 3));
    check("a = 1", a());
    check("a==1", a());
    check(" a = 1 and b=2 ", Filter::And(vec![a(), b()]));
    check("a = 1 AND b = 2 And c = 3", Filter::And(vec![a(), b(), c()]));
    check("a = 1 or b = 2 and c = 3", Filter::Or(vec![a(), Filter::And(vec![b(), c()])]));
    check("(a = 1 or b = 2) and c = 3", Filter::And(vec![Filter::Or(vec![a(), b()]), c()]));
    check("not a = 1 and b = 2", Filter::And(vec![Filter::Not(vec![a()]), b()]));
    check("not (a = 1 and b = 2)", Filter::Not(vec![a(), b()]));
    check("not not a = 1", Filter::Not(vec![Filter::Not(vec![a()])]));
    check("()", Filter::And(vec![]));
    check("year >= 2020", compare("year", GreaterOrEqual, 2020));
    check("year<=2020.5", compare("year", LessOrEqual, 2020.5));
    check("day > 2020-01-31", compare("day", Greater, "2020-01-31"));
    check("day < 2020-01-31T10:00:00+02:00", compare("day", Less, "2020-01-31T10:00:00+02:00"));
    check("topic != tax", compare("topic", NotEqual, "tax"));
    check("zip = 01234", compare("zip", Equal, "01234"));
    check("topic = \"rent law\"", compare("topic", Equal, "rent law"));
    check(r#"topic = 'it\'s "so"\n\u00e9'"#, compare("topic", Equal, "it's \"so\"\né"));
    check("t in [tax, 'b c', 3, null]", compare("t", In, json!(["tax", "b c", 3, null])));
    check("t not in []", compare("t", NotIn, json!([])));
    check("t NOT IN [true]", compare("t", NotIn, json!([true])));
    check("ok = TRUE", compare("ok", Equal, true));
    check("ok = \"true\"", compare("ok", Equal, "true"));
    check("x = Null", compare("x", Equal, json!(null)));
    check("meta.größe-1.b = 1", compare("meta.größe-1.b", Equal, 1));
    check("\"and so\" = 1", compare("and so", Equal, 1));
    check("note = 1", compare("note", Equal, 1));
    check("o = {\"a\": [1, {\"b\":2}]}", compare("o", Equal, json!({"a": [1, {"b": 2}]})));
    check("  {\"field\": \"a\", \"operator\": \"==\", \"value\": 1}", a());
}

#[test]
fn malformed_text_says_where_and_what() {
    let check = |text: &str, expected: &str| match Filter::parse(text) {
        Ok(filter) => panic!("{text} reads as {filter}"),
        Err(error) => {
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{text}");
            assert_eq!(error.to_string(), expected, "{text}");
            assert!(error.cure().is_some(), "{text}: no hint");
        }
    };
    check("", "filter at column 1: found the end, expected a field name, \"not\" or \"(\"");
    check("year", "filter at column 5: found the end, expected an operator");
    check("year ~ 3", "filter at column 6: found \"~ 3\", expected an operator");
    check("größe >=", "filter at column 9: found the end, expected a value");
    check("a = 1 b = 2", "filter at column 7: found \"b = 2\", expected and, or, or the end");
    check("a = 1 and", "filter at column 10: found the end, expected a field name, \"not\" or \"(\"");
    check("(a = 1", "filter at column 7: found the end, expected and, or, or \")\"");
    check("a = 'x", "filter at column 5: found \"'x\", expected a closing ' after this");
    check("a = '\\q'", "filter at column 7: found \"q'\", expected an escape");
    check("a = '\\ud800'", "filter at column 11: found \"0'\", expected an escape");
    check("a in [1 2]", "filter at column 9: found \"2]\", expected \",\" or \"]\"");
    check("a = {b: 1}", "filter at column 6: found \"b: 1}\", expected a key in quotes");
    check("a = or", "filter at column 5: found \"or\", expected a value");
    check("a not 3", "filter at column 7: found \"3\", expected an operator");
    check("a in 3", "field \"a\" is compared by \"in\" with the integer 3, expected a list");
    check("a > b", "field \"a\" is compared by \">\" with the string b, expected a number or a date");
    check(
        "a <= true",
        "field \"a\" is compared by \"<=\" with the boolean true, expected a number or a date",
    );
    check("a < [1]", "field \"a\" is compared by \"<\" with the list [1], expected a number or a date");
    check(
        "{\"field\": 1",
        "filter is not JSON, line 1 column 11: EOF while parsing an object at line 1 column 11",
    );
}

#[test]
fn too_long_and_too_deep_are_refused() {
    let long = format!("a = '{}'", "x".repeat(MAX_LENGTH));
    let parens = format!("{}a = 1{}", "(".repeat(65), ")".repeat(65));
    let lists = format!("a = {}{}", "[".repeat(65), "]".repeat(65));
    let nots = format!("{}a = 1", "not ".repeat(65));
    for text in [&long, &parens, &lists, &nots] {
        assert!(Filter::parse(text).is_err(), "{}", &text[..20]);
    }
    assert!(Filter::parse(&format!("{}a = 1{}", "(".repeat(64), ")".repeat(64))).is_ok());
    let mut filter = compare("a", Equal, 1);
    let mut value = json!({"field": "a", "operator": "==", "value": 1});
    for _ in 0..64 {
        filter = Filter::Or(vec![filter]);
        value = json!({"operator": "OR", "conditions": [value]});
    }
    assert!(filter.validate().is_err());
    assert!(Filter::from_json(&value).is_err());
}

#[test]
fn malformed_json_names_the_path() {
    let check = |value: serde_json::Value, expected: &str| match Filter::from_json(&value) {
        Ok(filter) => panic!("{value} reads as {filter}"),
        Err(error) => assert_eq!(error.to_string(), expected, "{value}"),
    };
    let nested = |inner: serde_json::Value| {
        json!({"operator": "AND", "conditions": [
        {"field": "a", "operator": "==", "value": 1}, inner]})
    };
    check(json!([]), "filter at $: [] is not an object");
    check(json!({}), "filter at $: \"operator\" is missing");
    check(json!({"operator": "AND"}), "filter at $: \"conditions\" is missing");
    check(json!({"operator": "AND", "conditions": 1}), "filter at $.conditions: not a list");
    check(
        json!({"operator": "and", "conditions": []}),
        "filter at $.operator: unknown operator \"and\", expected AND, OR or NOT",
    );
    check(nested(json!(3)), "filter at $.conditions[1]: 3 is not an object");
    check(nested(json!({"field": "b", "operator": "=="})), "filter at $.conditions[1]: \"value\" is missing");
    check(
        nested(json!({"field": 1, "operator": "==", "value": 1})),
        "filter at $.conditions[1].field: not a string",
    );
    check(
        nested(json!({"field": "b", "operator": "contains", "value": 1})),
        "filter at $.conditions[1].operator: unknown operator \"contains\", expected one of ==  !=  >  >=  <  <=  in  not in",
    );
    check(
        nested(json!({"field": "b", "operator": "==", "value": 1, "valu": 2})),
        "filter at $.conditions[1]: unknown key \"valu\", expected field, operator, value",
    );
    check(
        nested(json!({"field": "b", "operator": "in", "value": "x"})),
        "field \"b\" is compared by \"in\" with the string x, expected a list",
    );
}

fn sample() -> Document {
    let mut document = Document::new(DocumentId::new("d1").expect("an id"), "some text");
    document.meta = serde_json::from_value(json!({
        "year": 2020, "rate": 1.0, "big": 9_007_199_254_740_993_i64, "ok": true, "nothing": null, "topic": "tax",
        "day": "2020-01-31", "at": "2020-01-31T10:00:00+02:00", "tags": ["a", 1], "id": "inner",
        "o": {"a": {"b": 7}, "x.y": 8}, "o.z": 9, "p.q": {"r": 10}, "p": {"q": {"s": 11}}
    }))
    .expect("metadata");
    document.language = Language::parse("de");
    document.span =
        Some(Span { source: SourceId::new("s1").expect("an id"), revision: 3, range: ByteRange::new(0, 9) });
    document
}

#[test]
fn the_rules_hold() {
    let (full, empty) = (sample(), Document::new(DocumentId::new("d2").expect("an id"), ""));
    let check = |text: &str, on_full: bool, on_empty: bool| {
        let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((filter.matches(&full), filter.matches(&empty)), (on_full, on_empty), "{text}");
    };
    for (text, on_full, on_empty) in [
        ("year = 2020.0", true, false),
        ("rate = 1", true, false),
        ("rate = true", false, false),
        ("ok = true", true, false),
        ("ok = 1", false, false),
        ("ok = 'true'", false, false),
        ("big = 9007199254740992.0", false, false),
        ("big > 9007199254740992.0", true, false),
        ("big < 1e300", true, false),
        ("big > -1e300", true, false),
        ("year > 2019.5", true, false),
        ("year < 2020.5", true, false),
        ("year = '2020'", false, false),
        ("year != 2021", true, true),
        ("year not in [2020]", false, true),
        ("year in [2020.0]", true, false),
        ("year in [null]", false, true),
        ("year not in [null]", true, false),
        ("year > null", false, false),
        ("nothing = null", true, true),
        ("nothing != null", false, false),
        ("year != null", true, false),
        ("nothing < 5", false, false),
        ("nothing >= 5", false, false),
        ("not nothing < 5", true, true),
        ("ok > 0", false, false),
        ("topic < 2020-01-01", false, false),
        ("topic >= 0", false, false),
        ("day >= 2020-01-31", true, false),
        ("day = 2020-01-31T00:00", false, false),
        ("day <= 2020-01-31T00:00:00Z", true, false),
        ("at = 2020-01-31T08:00:00", false, false),
        ("at >= 2020-01-31T08:00:00", true, false),
        ("at > 2020-01-31T08:00:00Z", false, false),
        ("at < 2020-01-31T10:00:00", true, false),
        ("tags = [a, 1.0]", true, false),
        ("tags = a", false, false),
        ("tags in [[a, 1]]", true, false),
        ("tags > 0", false, false),
        ("o.a = {\"b\": 7.0}", true, false),
        ("o.a.b = 7", true, false),
        ("meta.o.a.b = 7", true, false),
        ("o.x.y = 8", true, false),
        ("o.z = 9", true, false),
        ("p.q.r = 10", true, false),
        ("p.q.s = 11", true, false),
        ("o.a.b.c = null", true, true),
        ("id = d1", true, false),
        ("meta.id = inner", true, false),
        ("content = 'some text'", true, false),
        ("document.language = de", true, false),
        ("document.source in [s1, s2]", true, false),
        ("document.revision != 3", false, true),
        ("document.revision < 4", true, false),
        ("document.title = null", true, true),
        ("()", true, true),
        ("not ()", false, false),
        ("not (year = 2020 and ok = false)", true, true),
        ("not (year = 2020 and ok = true)", false, true),
        ("year = 1 or topic = tax", true, false),
    ] {
        check(text, on_full, on_empty);
    }
    assert!(!Filter::Or(vec![]).matches(&full));
    assert!(!Filter::Not(vec![]).matches(&full));
}

/// Any value, nested a little.
fn value() -> impl Strategy<Value = MetaValue> {
    let leaf = prop_oneof![
        Just(MetaValue::Null),
        any::<bool>().prop_map(MetaValue::Bool),
        any::<i64>().prop_map(MetaValue::Int),
        any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(MetaValue::Float),
        any::<String>().prop_map(MetaValue::String),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(MetaValue::List),
            prop::collection::hash_map(any::<String>(), inner, 0..3)
                .prop_map(|map| MetaValue::Object(map.into_iter().collect::<Meta>())),
        ]
    })
}

fn comparison() -> impl Strategy<Value = Filter> {
    let field = prop_oneof!["[a-z.é_-]{1,6}", "and|or|not|in|NOT", any::<String>()];
    let orders = prop_oneof![Just(Greater), Just(GreaterOrEqual), Just(Less), Just(LessOrEqual)];
    let ordered = prop_oneof![any::<i64>().prop_map(MetaValue::Int), Just("2020-01-31T10:00Z".into())];
    prop_oneof![
        (field.clone(), prop_oneof![Just(Equal), Just(NotEqual)], value())
            .prop_map(|(field, operator, value)| Filter::compare(&field, operator, value)),
        (field.clone(), orders, ordered)
            .prop_map(|(field, operator, value)| Filter::compare(&field, operator, value)),
        (field, prop_oneof![Just(In), Just(NotIn)], prop::collection::vec(value(), 0..4))
            .prop_map(|(field, operator, values)| Filter::compare(&field, operator, MetaValue::List(values))),
    ]
}

/// Trees as the short form writes them.
fn filter(fewest: usize) -> impl Strategy<Value = Filter> {
    comparison().prop_recursive(4, 16, 4, move |inner| {
        let parts = prop::collection::vec(inner.clone(), fewest..4);
        let negated =
            prop::collection::vec(inner, 0..4).prop_map(|parts| match <[Filter; 1]>::try_from(parts) {
                Ok([Filter::And(parts)]) => Filter::Not(parts),
                Ok(one) => Filter::Not(one.into()),
                Err(parts) => Filter::Not(parts),
            });
        prop_oneof![parts.clone().prop_map(Filter::And), parts.prop_map(Filter::Or), negated]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(filter in filter(2)) {
        prop_assert_eq!(Filter::parse(&filter.to_string()).expect("reads"), filter);
    }

    #[test]
    fn json_reads_back(filter in filter(0)) {
        let text = filter.to_json().to_string();
        let value = serde_json::from_str(&text).expect("JSON");
        prop_assert_eq!(Filter::from_json(&value).expect("reads"), filter);
    }

    /// Also for trees whose printed form is only equivalent.
    #[test]
    fn what_is_printed_means_the_same(years in prop::collection::vec(2018i64..2023, 0..3), n in 0usize..3) {
        let parts: Vec<_> = years.iter().map(|year| compare("year", GreaterOrEqual, *year)).collect();
        let filter = [Filter::And, Filter::Or, Filter::Not][n](vec![[Filter::And, Filter::Or][n % 2](parts)]);
        let read = Filter::parse(&filter.to_string()).expect("reads");
        prop_assert_eq!(read.matches(&sample()), filter.matches(&sample()), "{}", filter);
    }

    #[test]
    fn no_text_panics(text in r#"([a-z0-9()\[\]{}"'\\=!<>,: é]|and |or |not |in ){0,24}"#) {
        if let Ok(filter) = Filter::parse(&text) {
            prop_assert_eq!(Filter::parse(&filter.to_string()).expect("reads"), filter);
        }
    }
}
