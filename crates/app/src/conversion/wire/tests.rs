//! What is sent arrives, and nonsense does not.

use super::*;
use crate::ingest::Converted;
use pllm_core::{MetaValue, Place};

fn item(kind: u8, head: &[u8], text: &[u8]) -> Vec<u8> {
    let length = u32::try_from(head.len()).expect("short").to_le_bytes();
    [&[kind][..], &length, head, text].concat()
}

fn take(items: &[Vec<u8>], end: &[u8], limits: Limits) -> Result<(Converted, ReadingReport)> {
    let mut converted = Converted::default();
    let mut taken = Taken::new(&mut converted, limits);
    items.iter().try_for_each(|item| taken.item(item))?;
    let report = taken.result(end)?;
    Ok((converted, report))
}

#[test]
fn what_is_sent_arrives() -> Result<()> {
    let meta: Meta = [("n".to_owned(), MetaValue::Float(1.0)), ("i".to_owned(), MetaValue::Int(1))].into();
    let row = RowHead { key: "k".to_owned(), place: StoredPlace::Row { number: 2 }, meta: meta.clone() };
    let places: PartHead = vec![(0, 3, StoredPlace::Row { number: 1 })];
    let items = [item(PART, &json(&places)?, "aé".as_bytes()), item(ROW, &json(&row)?, b"n: 1")];
    let columns = vec![TableColumn { name: "n".to_owned(), samples: vec!["1".to_owned()], is_meta: true }];
    let report = ReadingReport {
        format: "json".into(),
        text_bytes: 7,
        records: 1,
        meta,
        columns,
        ..Default::default()
    };
    let (converted, told) = take(&items, &result(Ok(report.clone())), Limits::default())?;
    assert_eq!(told, report);
    assert_eq!(converted.parts[0].places, [(ByteRange::new(0, 3), Place::Row { number: 1 })]);
    assert_eq!((converted.records[0].key.as_str(), &converted.records[0].meta), ("k", &report.meta));
    let failed = result(Err(Error::new(ErrorKind::Denied, "x", "no entry").with("page", 3).hint("knock")));
    let error = take(&[], &failed, Limits::default()).expect_err("told");
    assert_eq!(
        (error.kind(), error.message(), error.cure()),
        (ErrorKind::Denied, "no entry (page=3)", Some("knock"))
    );
    for tables in [TableReading::Records, TableReading::Text, TableReading::Columns] {
        let passwords = Passwords(vec!["p".to_owned()]);
        let options = ConvertOptions { passwords, tables, ..Default::default() };
        assert_eq!(read_head(&head("a.pdf", &options)?)?, ("a.pdf".to_owned(), options));
    }
    Ok(())
}

#[test]
fn nonsense_is_refused() -> Result<()> {
    let end = |text_bytes| {
        result(Ok(ReadingReport { format: "txt".into(), text_bytes, ..ReadingReport::default() }))
    };
    let check = |items: &[Vec<u8>], end: &[u8], expected: &str| {
        let limits = Limits { max_text_bytes: 10, max_records: 0, ..Limits::default() };
        let error = take(items, end, limits).expect_err(expected);
        assert_eq!(
            (error.kind(), error.message().ends_with(expected)),
            (ErrorKind::Internal, true),
            "{error}"
        );
    };
    let row =
        json(&RowHead { key: String::new(), place: StoredPlace::Row { number: 1 }, meta: Meta::new() })?;
    check(&[vec![]], b"", "no text");
    check(&[item(PART, b"[]", b"\xFF")], b"", "no text");
    check(&[vec![PART, 9, 0, 0, 0, 1]], b"", "no text");
    check(&[item(b'x', b"[]", b"a")], b"", "of no kind");
    check(&[item(PART, b"[]", b"more than ten")], b"", "more text than was allowed");
    check(&[item(ROW, &row, b"a")], b"", "more rows than were allowed");
    for range in ["0,9", "1,2", "2,1"] {
        let head = format!(r#"[[{range},{{"kind":"row","number":1}}]]"#);
        check(&[item(PART, head.as_bytes(), "é".as_bytes())], b"", "not in the text");
    }
    check(&[], b"", "does not read");
    check(&[], &end(3), "another text");
    let odd = result(Ok(ReadingReport { format: "odd".into(), ..ReadingReport::default() }));
    check(&[], &odd, "not in the table");
    Ok(())
}
